"""What a column is called in German, French, Spanish or Dutch, in the English words that proposals know."""

from __future__ import annotations

_WORDS = {
    "deal": "vorgang geschäft verkaufschance abschluss affaire negocio trato",
    "opportunity": "chance opportunité opportunite oportunidad verkoopkans kans",
    "stage": "vertriebsphase verkaufsphase stufe étape etape etapa fase verkoopfase",
    "status": "statut estado",
    "activity": "aktivität aktivitaet activité actividad activiteit",
    "event": "ereignis événement evento gebeurtenis",
    "date": "datum fecha",
    "time": "zeitpunkt zeitstempel horodatage hora tijdstip",
    "changed": "geändert geaendert modifié modificado gewijzigd",
    "created": "erstellt angelegt créé creado aangemaakt",
    "entered": "eingetreten entré",
    "on": "am le el op",
    "owner": "betreuer verantwortlich verantwortlicher zuständig zuständiger bearbeiter responsable propriétaire "
    "propietario commercial vendedor eigenaar verkoper verantwoordelijke",
    "amount": "umsatz betrag wert auftragswert volumen summe montant valeur importe monto valor bedrag waarde omzet",
    "number": "nummer numéro numero número n°",
}
_ENGLISH = {word: english for english, words in _WORDS.items() for word in words.split()}


def in_english(words: str) -> str:
    """The small words of a column's name, each that is known in English."""
    return " ".join(_ENGLISH.get(word, word) for word in words.split())
