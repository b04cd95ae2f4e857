"""The pieces of a pact's text that one page adds, edits, moves and deletes, named in its addresses."""

from dataclasses import dataclass, field

from pti.models import ContextFigure, GlossaryTerm, PactTerritory, Scheme, Section, Statement
from pti.pact_forms import (
    STATEMENT_KINDS,
    FigureForm,
    SchemeForm,
    SectionForm,
    StatementForm,
    TermForm,
    TerritoryForm,
)


@dataclass(frozen=True)
class Piece:
    """One kind of piece: how it is named, its model, its form, the values that all its rows share."""

    name: str
    model: type
    form: type
    noun: str
    feminine: bool = False
    anchor: str = ""
    fixed: dict = field(default_factory=dict)

    @property
    def added(self):
        return f"{self.noun.capitalize()} ajouté{'e' if self.feminine else ''}."

    @property
    def saved(self):
        return f"{self.noun.capitalize()} enregistré{'e' if self.feminine else ''}."

    @property
    def deleted(self):
        return f"{self.noun.capitalize()} supprimé{'e' if self.feminine else ''}."

    @property
    def one(self):
        return f"un{'e' if self.feminine else ''} {self.noun}"

    @property
    def the(self):
        elided = self.noun[0] in "aeiouéè"
        return f"l’{self.noun}" if elided else f"l{'a' if self.feminine else 'e'} {self.noun}"

    @property
    def this(self):
        elided = self.noun[0] in "aeiouéè"
        return f"cette {self.noun}" if self.feminine else f"{'cet' if elided else 'ce'} {self.noun}"

    @property
    def is_ordered(self):
        return any(one.name == "order" for one in self.model._meta.fields)

    def rows(self, pact):
        return self.model.objects.filter(pact=pact, **self.fixed)

    def siblings(self, row):
        """Rows among which `row` moves: those of its parent, for a section."""
        rows = self.rows(row.pact_id)
        return rows.filter(parent=row.parent_id) if self.model is Section else rows


PIECES = {
    piece.name: piece
    for piece in (
        Piece("section", Section, SectionForm, "section", True, "sections"),
        Piece("principe", Statement, StatementForm, "principe", False, "principes", {"kind": STATEMENT_KINDS["principe"]}),
        Piece("enjeu", Statement, StatementForm, "enjeu", False, "enjeux", {"kind": STATEMENT_KINDS["enjeu"]}),
        Piece("territoire", PactTerritory, TerritoryForm, "territoire", False, "territoires"),
        Piece("plan", Scheme, SchemeForm, "plan lié", False, "plans"),
        Piece("terme", GlossaryTerm, TermForm, "terme", False, "glossaire"),
        Piece("chiffre", ContextFigure, FigureForm, "chiffre", False, "chiffres"),
    )
}
