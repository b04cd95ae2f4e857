"""An upload of which nothing is kept but its fingerprint, computed as it arrives: no memory of it, no temporary file."""

import hashlib

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload


class Fingerprint(UploadedFile):
    """A file that has gone: its name, its size and its SHA-256."""

    def __init__(self, name, size, sha256):
        super().__init__(file=None, name=name, size=size)
        self.sha256 = sha256


class HashingHandler(FileUploadHandler):
    """Hashes each piece and forgets it; beyond `limit` bytes, it stops hashing."""

    def __init__(self, request=None, *, limit):
        super().__init__(request)
        self.limit, self.too_big = limit, False

    def new_file(self, *args, **kwargs):
        super().new_file(*args, **kwargs)
        self.sha, self.received = hashlib.sha256(), 0

    def receive_data_chunk(self, raw_data, start):
        self.received += len(raw_data)
        if self.received > self.limit:
            self.too_big = True
            # What follows is received and dropped, so that the browser shows the answer.
            raise StopUpload(connection_reset=False)
        self.sha.update(raw_data)

    def file_complete(self, file_size):
        return Fingerprint(self.file_name, self.received, self.sha.hexdigest())
