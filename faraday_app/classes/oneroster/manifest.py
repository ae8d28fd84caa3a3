"""The manifest: which version, and what each file of the package is."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from faraday_app.classes.oneroster.archive import MANIFEST
from faraday_app.classes.oneroster.cells import nearest, shortened
from faraday_app.classes.oneroster.findings import Findings
from faraday_app.classes.oneroster.records import File, Mode, Version
from faraday_app.classes.oneroster.sheets import sheet
from faraday_app.classes.oneroster.tables import TABLES, files

_FILE = "file."
_READ = frozenset(file.value for file in File)
_VERSIONS = {"1.0": Version.v1_1, "1.1": Version.v1_1, "1.2": Version.v1_2}
_MODES = {mode.value: mode for mode in Mode}
_PROPERTIES = ("manifest.version", "oneroster.version", "source.systemName", "source.systemCode")


@dataclass(frozen=True, slots=True)
class Manifest:
    """``modes`` names every file that the manifest speaks of, also those that are not read here."""

    version: Version
    modes: Mapping[str, Mode] = field(default_factory=dict)
    source_name: str = ""
    source_code: str = ""

    def mode(self, file: File) -> Mode:
        return self.modes.get(file.value, Mode.absent)


def manifest(data: bytes | None, findings: Findings) -> Manifest | None:
    """None when the package cannot be read by it."""
    if data is None:
        findings.refuse(
            MANIFEST,
            "There is no manifest.csv.",
            "Add one: it says the version, and which files are bulk, delta or absent.",
        )
        return None
    properties = _properties(data, findings)
    if MANIFEST in findings.refused:
        return None
    version = _VERSIONS.get(properties.get("oneroster.version", (0, ""))[1].removeprefix("v"))
    if version is None:
        row, stated = properties.get("oneroster.version", (None, ""))
        problem = f"{shortened(stated)} is not a version that is known." if stated else "oneroster.version is missing."
        findings.refuse(MANIFEST, problem, "Write 1.0, 1.1 or 1.2.", row, "value")
        return None
    _note_version(properties, findings)
    modes = _modes(properties, files(version), findings)
    if MANIFEST in findings.refused:
        return None
    name, code = (properties.get(f"source.system{each}", (0, ""))[1] for each in ("Name", "Code"))
    return Manifest(version, modes, name, code)


def _properties(data: bytes, findings: Findings) -> dict[str, tuple[int, str]]:
    """Each with its row and value."""
    if (found := sheet(MANIFEST, data, findings)) is None:
        return {}
    header, rows = found
    if [name.lower() for name in header[:2]] != ["propertyname", "value"]:
        findings.refuse(MANIFEST, "The columns are not propertyName and value.", "Write propertyName,value.", 1)
        return {}
    properties: dict[str, tuple[int, str]] = {}
    for row, cells in rows:
        name, value = (cell.strip() for cell in [*cells, ""][:2])
        # The specification marks what is new in 1.2 with an asterisk, and some systems write it down.
        name = name.removesuffix("*")
        if name in properties and properties[name][1] != value:
            findings.refuse(MANIFEST, f"{shortened(name)} is there twice.", "Keep the row that is right.", row)
        properties[name] = (row, value)
    return properties


def _note_version(properties: Mapping[str, tuple[int, str]], findings: Findings) -> None:
    row, stated = properties.get("manifest.version", (None, ""))
    if stated != "1.0":
        findings.note(MANIFEST, "manifest.version is not 1.0.", "Write 1.0. It is read as that.", row, "value")


def _modes(properties: Mapping[str, tuple[int, str]], known: Collection[str], findings: Findings) -> Mapping[str, Mode]:
    modes = {}
    for name, (row, value) in properties.items():
        file = name.removeprefix(_FILE)
        if not name.startswith(_FILE):
            if name not in _PROPERTIES:
                findings.note(MANIFEST, f"{shortened(name)} is not known.", "Nothing to do: it is ignored.", row)
        elif file not in known:
            meant = nearest(file, known)
            hint = f"Did you mean {_FILE}{meant}?" if meant else "Nothing to do: it is ignored."
            findings.note(MANIFEST, f"{shortened(name)} is not a file of this version.", hint, row)
        elif value.lower() in _MODES:
            modes[file] = _MODES[value.lower()]
        else:
            findings.refuse(
                MANIFEST, f"{shortened(value)} is not known here.", "Write bulk, delta or absent.", row, "value"
            )
    return modes


def disagreements(stated: Manifest, there: Collection[str], findings: Findings) -> frozenset[File]:
    """Says where the manifest and the zip differ, and returns what is to be read."""
    for file in File:
        mode = stated.mode(file)
        if mode is Mode.absent and file.csv in there:
            said = "says it is absent" if file.value in stated.modes else "does not speak of it"
            findings.note(
                file.csv,
                f"The file is there, but the manifest {said}: it is left out.",
                f"Write {_FILE}{file.value},bulk into manifest.csv to have it read.",
            )
        elif mode is not Mode.absent and file.csv not in there:
            findings.refuse(
                file.csv,
                f"The manifest promises this file as {mode}, and it is missing.",
                f"Add it to the zip, or write {_FILE}{file.value},absent into manifest.csv.",
            )
    for name, mode in stated.modes.items():
        if name not in _READ and mode is not Mode.absent:
            findings.note(f"{name}.csv", "This file is not used here: it is left out.", "Nothing to do.")
    return frozenset(
        file
        for file in File
        if stated.mode(file) is not Mode.absent and file.csv in there and stated.version in TABLES[file].versions
    )
