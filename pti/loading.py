"""Plain data back into rows: the inverse of pti.dumping."""

import uuid
from itertools import chain

from django.contrib.contenttypes.fields import GenericForeignKey
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import DataError, IntegrityError, models, transaction

from pti.journal.links import link_together
from pti.models import Pact
from pti.parts import PartKind, registered
from pti.rows import save_together

AMENDS_NOTHING = (
    "cet avenant modifie un pacte que la base n’a pas, ou que vous n’animez pas : importez d’abord ce pacte, "
    "ou demandez-le à qui l’anime."
)


class Loader:
    """Writes plain data into the base. `refs` maps each uid met to its row.

    `lenient` (copy of some parts only) forgets a link to a row that was left out; else it is an error. `paths` says where
    in the file each uid stands; `pacts` are the pacts of the base that a row may point to, `bases` those that it may amend;
    `departments` are those of the pact, which tell its organisations from their namesakes.
    """

    def __init__(self, *, files=None, lenient=False, pacts=None, bases=None, paths=None, departments=()):
        self.refs: dict[str, models.Model] = {}
        self.files = files or {}
        self.attached = []
        self.lenient = lenient
        self.pacts = Pact._base_manager.all() if pacts is None else pacts
        self.bases = self.pacts if bases is None else bases
        self.paths = paths or {}
        self.departments = departments

    def refuse_known(self, rows):
        """Refuse rows whose uid is already that of a row of the base; what pacts share may be known."""
        by_model = {}
        for part, model, row, _ in rows:
            if part.kind != PartKind.SHARED:
                by_model.setdefault(model, set()).add(row["uid"])
        errors = []
        for model, uids in by_model.items():
            known = model._base_manager.filter(uid__in=uids).order_by().values_list("uid", flat=True)
            errors += [f"{self.paths[str(uid)]}.uid : cette ligne est déjà dans la base." for uid in known]
        if errors:
            raise ValidationError(errors)

    def refusal(self, model, row, words):
        """A refusal that says where in the file; without a path, which row."""
        where = self.paths.get(row["uid"]) or f"{model._meta.verbose_name} {row['uid']}"
        return ValidationError(f"{where} : {words}")

    def shared(self, data):
        """Load shared rows: one that the base knows (same uid, or same identity) is used as it is.

        Two rows of the file are two rows of the base, whatever their names: each of the base stands for one at most.
        In a base without a pact, a row as it was delivered becomes that of the file: an export of it gives the same bytes.
        """
        first = not Pact._base_manager.exists()
        for part in registered(PartKind.SHARED):
            head, *details = part.models
            found = data.get(part.name, {})
            created, used = set(), set()
            heads = found.get(head.__name__, [])
            same = {str(one.uid): one for one in head._base_manager.filter(uid__in=[row["uid"] for row in heads])}
            for row in chain(*self._levels(head, heads)):
                known = same.get(row["uid"]) or self._known_as(head, row)
                if known is None or known.pk in used:
                    known = self._made(head, row)
                    self._save(known, row)
                    created.add(row["uid"])
                elif first and getattr(known, "is_as_delivered", False):
                    self._rewrite(known, row)
                used.add(known.pk)
                self.refs[row["uid"]] = known
            for detail in details:
                links = [f.name for f in detail._meta.concrete_fields if f.related_model is head]
                rows = [row for row in found.get(detail.__name__, []) if any(row[name] in created for name in links)]
                uids = set(detail._base_manager.filter(uid__in=[row["uid"] for row in rows]).values_list("uid", flat=True))
                self._save_together([(self._made(detail, row), row) for row in rows if uuid.UUID(row["uid"]) not in uids])

    def know(self, needed):
        """Let links find shared rows that are already in the base: {model: primary keys}."""
        for model, keys in needed.items():
            self.refs |= {str(obj.uid): obj for obj in model._base_manager.filter(pk__in=keys)}

    def _known_as(self, model, row):
        """The row of the base that `row`, which bears another uid, speaks of, or None."""
        parent = self.refs.get(row.get("parent")) if row.get("parent") else None
        return model.known_as(row, parent, [self.refs[uid] for uid in self.departments if uid in self.refs])

    def rows(self, model, rows, pact):
        """Load the rows of one model of `pact`."""
        new, linked = set(), []
        for level in self._levels(model, rows):
            made = []
            for row in level:
                obj = self.refs.get(row["uid"])
                if obj is not None and isinstance(obj, model):
                    self._rewrite(obj, row, but=("uid",))
                else:
                    obj = self._made(model, row)
                    made += [(obj, row)] if obj is not None else []
                if obj is not None:
                    linked.append((obj, row))
            self._save_together(made)
            new |= {row["uid"] for _, row in made}
        for column in model._meta.many_to_many:
            targets = {obj: self._targets(obj, column, row) for obj, row in linked if row.get(column.name)}
            fresh = {obj: found for obj, found in targets.items() if str(obj.uid) in new and found}
            if fresh:
                link_together(column, fresh)
            for obj in targets:
                if obj not in fresh:
                    getattr(obj, column.name).set(targets[obj])

    def _levels(self, model, rows):
        """Rows by groups, where each comes in a group after that of the row of the same model that it points to."""
        own = [f.name for f in model._meta.concrete_fields if f.related_model is model]
        waiting, done = list(rows), set()
        uids = {row["uid"] for row in rows}
        while waiting:
            ready = [row for row in waiting if all(row.get(name) not in uids - done for name in own)]
            if not ready:
                raise self.refusal(model, waiting[0], "des lignes se contiennent l’une l’autre.")
            yield ready
            done |= {row["uid"] for row in ready}
            waiting = [row for row in waiting if row["uid"] not in done]

    def _made(self, model, row):
        """A new row, not saved; None when `lenient` and what it cannot do without was left out."""
        obj = model()
        for key, column in self._columns(model, row):
            if not self._set(obj, key, column, row) and not column.null:
                return None
        if hasattr(obj, "sha256") and hasattr(obj, "file"):
            self._attach(obj, row)
        return obj

    def _rewrite(self, obj, row, *, but=()):
        """Give a row of the base all that `row` says, its uid too, but these keys."""
        for key, column in self._columns(type(obj), row):
            if key not in but:
                self._set(obj, key, column, row)
        self._save(obj, row)

    def _columns(self, model, row):
        """(key, field) of what a row says of itself; many-to-many links wait for the rows they point to."""
        columns = [(key, model._meta.get_field(key)) for key in row]
        return [(key, column) for key, column in columns if not column.many_to_many]

    def _set(self, obj, key, column, row):
        """Give `obj` one value of `row`; False when it points to a row that was left out."""
        value = row[key]
        if isinstance(column, GenericForeignKey):
            setattr(obj, key, self._target(value and value["uid"], self.pacts))
        elif not column.is_relation:
            setattr(obj, key, column.to_python(value))
        else:
            # The pact that a row belongs to is the one of the file, never another of the base.
            own = key == getattr(obj, "pact_path", None)
            pacts = self.bases if key == "amends" else self.pacts
            target = self.refs.get(value) if own else self._target(value, pacts)
            setattr(obj, key, target)
            if target is None and value is not None:
                return self._is_elsewhere(obj, key, column, row)
        return True

    def _is_elsewhere(self, obj, key, column, row):
        """Keep the uid of a pact that this base does not hold; refuse any other link to nothing, or forget it (lenient)."""
        if column.related_model is Pact and hasattr(obj, "outside"):
            if key == "amends":
                raise self.refusal(type(obj), row, AMENDS_NOTHING)
            obj.outside = {**obj.outside, key: row[key]}
            return True
        if not self.lenient:
            raise self.refusal(type(obj), row, f"{key} inconnu ({row[key]}).")
        return False

    def _save_together(self, made):
        """Save new rows of one model; when the base refuses, one by one, to say which and where."""
        try:
            with transaction.atomic():
                save_together([obj for obj, _ in made])
        except (ValidationError, IntegrityError, DataError):
            for obj, row in made:
                obj.pk, obj._state.adding = None, True
                self._save(obj, row)
        self.refs |= {row["uid"]: obj for obj, row in made}

    def _save(self, obj, row):
        """Save, or say in French what the base refuses, and where."""
        try:
            obj.save()
        except ValidationError as error:
            raise self.refusal(type(obj), row, " ".join(error.messages)) from error
        except (IntegrityError, DataError) as error:
            raise self.refusal(type(obj), row, broken_rule(type(obj), error)) from error

    def _attach(self, obj, row):
        if obj.sha256 not in self.files:
            raise self.refusal(type(obj), row, f"le fichier « {obj.name} » manque dans l’archive.")
        obj.file = ContentFile(self.files[obj.sha256], name=obj.name)
        self.attached.append(obj)

    def forget_files(self):
        """Take off the disk what was written there, when the rows are not: a transaction undoes rows alone."""
        for obj in self.attached:
            if obj.file._committed:
                obj.file.storage.delete(obj.file.name)

    def _target(self, uid, pacts):
        if uid is None:
            return None
        # Other pacts are the only rows outside a file that it may point to.
        return self.refs.get(uid) or pacts.filter(uid=uid).first()

    def _targets(self, obj, column, row):
        """The rows that a many-to-many link of `row` leads to."""
        uids = row[column.name]
        targets = [self.refs[uid] for uid in uids if uid in self.refs]
        if len(targets) != len(uids) and not self.lenient:
            raise self.refusal(type(obj), row, f"{column.name} pointe vers une ligne absente.")
        return list(dict.fromkeys(targets))


def broken_rule(model, error):
    """The sentence of the constraint that `error` names."""
    named = [one for one in model._meta.constraints if one.name in str(error)]
    message = str(named[0].get_violation_error_message()) if named else ""
    return message or "cette ligne contredit une règle, ou répète une autre ligne."
