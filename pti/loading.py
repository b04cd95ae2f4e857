"""Plain data back into rows: the inverse of pti.dumping."""

from django.contrib.contenttypes.fields import GenericForeignKey
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import models

from pti.models import Pact
from pti.parts import PartKind, registered


class Loader:
    """Writes plain data into the base. `refs` maps each uid met to its row.

    `lenient` (copy of some parts only) forgets a link to a row that was left out; else it is an error.
    """

    def __init__(self, *, files=None, lenient=False):
        self.refs: dict[str, models.Model] = {}
        self.files = files or {}
        self.lenient = lenient

    def shared(self, data):
        """Load shared rows: one that the base knows (same uid, or same identity) is used as it is."""
        for part in registered(PartKind.SHARED):
            head, *details = part.models
            found = data.get(part.name, {})
            created = set()
            for row in self._parents_first(head, found.get(head.__name__, [])):
                known = self._known(head, row)
                if known is None:
                    known = self._create(head, row, None)
                    created.add(row["uid"])
                self.refs[row["uid"]] = known
            for detail in details:
                links = [f.name for f in detail._meta.concrete_fields if f.related_model is head]
                for row in found.get(detail.__name__, []):
                    if any(row[name] in created for name in links) and not detail._base_manager.filter(uid=row["uid"]).exists():
                        self._create(detail, row, None)

    def know(self, needed):
        """Let links find shared rows that are already in the base: {model: primary keys}."""
        for model, keys in needed.items():
            self.refs |= {str(obj.uid): obj for obj in model._base_manager.filter(pk__in=keys)}

    def _known(self, model, row):
        """The row of the base that `row` speaks of, or None."""
        same = model._base_manager.filter(uid=row["uid"]).first()
        if same is not None:
            return same
        parent = self.refs.get(row.get("parent")) if row.get("parent") else None
        return model.known_as(row, parent)

    def rows(self, model, rows, pact):
        """Load the rows of one model of `pact`."""
        linked = []
        for row in self._parents_first(model, rows):
            obj = self.refs.get(row["uid"])
            if obj is not None and isinstance(obj, model):
                self._happened(obj, row)
            else:
                obj = self._create(model, row, pact)
            if obj is not None:
                linked.append((obj, row))
        for obj, row in linked:
            self._link(obj, row)

    def _parents_first(self, model, rows):
        """Rows in an order where each comes after the row of the same model that it points to."""
        own = [f.name for f in model._meta.concrete_fields if f.related_model is model]
        waiting, done, ordered = list(rows), set(), []
        uids = {row["uid"] for row in rows}
        while waiting:
            ready = [row for row in waiting if all(row.get(name) not in uids - done for name in own)]
            if not ready:
                raise ValidationError(f"{model._meta.verbose_name} : des lignes se contiennent l’une l’autre.")
            ordered += ready
            done |= {row["uid"] for row in ready}
            waiting = [row for row in waiting if row["uid"] not in done]
        return ordered

    def _create(self, model, row, pact):
        values = {}
        for key, value in row.items():
            column = model._meta.get_field(key)
            if column.many_to_many:
                continue
            if isinstance(column, GenericForeignKey):
                values[key] = self._target(value and value["uid"])
            elif column.is_relation:
                # The pact that a row belongs to is the one of the file, never another of the base.
                values[key] = self.refs.get(value) if key == getattr(model, "pact_path", None) else self._target(value)
                if values[key] is None and value is not None:
                    if column.related_model is Pact and hasattr(model, "outside"):
                        values.setdefault("outside", {})[key] = value
                    elif not self.lenient:
                        raise ValidationError(f"{model._meta.verbose_name} {row['uid']} : {key} inconnu ({value}).")
                    elif not column.null:
                        return None
            else:
                values[key] = column.to_python(value)
        obj = model(**values)
        if hasattr(obj, "sha256") and hasattr(obj, "file"):
            self._attach(obj)
        obj.save()
        self.refs[row["uid"]] = obj
        return obj

    def _attach(self, obj):
        if obj.sha256 not in self.files:
            raise ValidationError(f"Le fichier « {obj.name} » manque dans l’archive.")
        obj.file = ContentFile(self.files[obj.sha256], name=obj.name)

    def _happened(self, obj, row):
        """Write what happened to a row of the text."""
        for key, value in row.items():
            column = obj._meta.get_field(key)
            if key == "uid" or column.many_to_many:
                continue
            if column.is_relation:
                target = self._target(value)
                if target is None and value is not None:
                    if key == "amends":
                        raise ValidationError("Cet avenant modifie un pacte que la base n’a pas : importez d’abord ce pacte.")
                    obj.outside = {**obj.outside, key: value}
                setattr(obj, key, target)
            else:
                setattr(obj, key, column.to_python(value))
        obj.save()

    def _target(self, uid):
        if uid is None:
            return None
        found = self.refs.get(uid)
        if found is None:
            found = Pact._base_manager.filter(uid=uid).first()  # the only rows outside a file that it may point to
        return found

    def _link(self, obj, row):
        for key, uids in row.items():
            if not obj._meta.get_field(key).many_to_many or not uids:
                continue
            targets = [self.refs[uid] for uid in uids if uid in self.refs]
            if len(targets) != len(uids) and not self.lenient:
                raise ValidationError(f"{obj._meta.verbose_name} {obj.uid} : {key} pointe vers une ligne absente.")
            getattr(obj, key).set(targets)
