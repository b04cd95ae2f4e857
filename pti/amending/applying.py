"""Making rows of a pact what plain data says: created, changed, removed. Untick, taking again and merging share it."""

from django.db import models

from pti.loading import Loader


class Applier:
    """Writes plain data over the rows of `text`, just read. The caller has lifted the guard of its pact.

    Data may point to any row of the models of the text, and to the shared rows `needed`.
    """

    def __init__(self, *, needed, text):
        self.loader = Loader()
        self.loader.know(needed)
        self.loader.refs |= text.objects
        others = {uid: found for uid, found in text.known.items() if uid not in text.objects}
        for model, uids in by_model(others).items():
            self.loader.refs |= {str(row.uid): row for row in model._base_manager.filter(uid__in=uids)}

    def write(self, now, wanted):
        """Turn the rows `now` into the rows `wanted`, both {uid: (model, data)}; gives the uids to remove."""
        created = {uid: found for uid, found in wanted.items() if uid not in now}
        for model, uids in by_model(created).items():
            self.loader.rows(model, [wanted[uid][1] for uid in uids], None)
        for uid, (model, row) in wanted.items():
            if uid in now and now[uid][1] != row:
                self.change(model, row, now[uid][1])
        return [uid for uid in now if uid not in wanted]

    def change(self, model, row, was):
        """Write the fields of one row that differ."""
        obj = self.loader.refs[row["uid"]]
        many = []
        for key, value in row.items():
            column = model._meta.get_field(key)
            if value == was.get(key) or key in model.amendment_fields:
                continue
            if column.many_to_many:
                many.append((key, value))
            elif column.is_relation:
                setattr(obj, key, self.loader._target(value, self.loader.pacts))
            else:
                setattr(obj, key, column.to_python(value))
        if hasattr(obj, "revision"):
            obj.revision += 1
        obj.save()
        for key, uids in many:
            getattr(obj, key).set([self.loader.refs[uid] for uid in uids])

    def row(self, uid):
        """The row of the base of data that bears `uid`."""
        return self.loader.refs[uid]


def by_model(rows):
    """{model: [uids]}, in the order in which the models are met."""
    found: dict[type[models.Model], list] = {}
    for uid, (model, _) in rows.items():
        found.setdefault(model, []).append(uid)
    return found


def removal_order(rows, uids):
    """`uids` in an order where parts leave before what they are parts of."""
    ranks = {model: rank for rank, model in enumerate(by_model(rows))}
    return sorted(uids, key=lambda uid: ranks[rows[uid][0]], reverse=True)
