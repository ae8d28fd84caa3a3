"""From the bytes of a zip to a package, and everything that was found on the way."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from faraday_app.classes.oneroster.archive import MANIFEST, Limits, unpacked
from faraday_app.classes.oneroster.findings import KEPT, Finding, Findings, Rejection, Severity, Unresolved
from faraday_app.classes.oneroster.links import Known, Links
from faraday_app.classes.oneroster.manifest import disagreements, manifest
from faraday_app.classes.oneroster.records import File, Package, Record
from faraday_app.classes.oneroster.rows import rows
from faraday_app.classes.oneroster.tables import TABLES


@dataclass(frozen=True, slots=True)
class Reading:
    """``package`` holds the rows that fit; None: the zip or its manifest could not be read.

    ``more`` findings were counted beside those that are kept. ``unresolved`` has to be looked up among what is here
    already before anything is applied: give what is known to ``settled``.
    """

    package: Package | None
    findings: tuple[Finding, ...]
    more: int
    counts: Mapping[Severity, int]
    rejected: Mapping[File, tuple[Rejection, ...]] = field(default_factory=dict)
    unresolved: tuple[Unresolved, ...] = ()
    _before: "_Parsed | None" = field(default=None, repr=False, compare=False)

    @property
    def applicable(self) -> bool:
        """Nothing is half applied: with a file refused, none of the package is."""
        return self.package is not None and not self.counts.get(Severity.refuses)

    def settled(self, known: Known, graded: Known | None = None) -> "Reading":
        """With the ids that are ``known``: what is neither here nor in the package is rejected, none is left open.

        ``graded`` is what work and results can refer to beside."""
        return self._before.reading(known, graded) if self._before else self


@dataclass(frozen=True, slots=True)
class _Parsed:
    """Before the references are looked at."""

    package: Package
    refused: frozenset[File]
    findings: Findings

    def reading(self, known: Known | None, graded: Known | None = None) -> Reading:
        findings = self.findings.copied()
        links = Links(self.package, self.refused, known, findings, graded)
        package = links.checked()
        return _reading(package, findings, tuple(links.unresolved), self)


def read(data: bytes, *, demographics: bool = False, limits: Limits | None = None, most: int = KEPT) -> Reading:
    """Never raises for what is in ``data``. Takes seconds for a large school: call it in a thread.

    ``demographics`` only where the organisation turned them on: else that file is not even unpacked.
    """
    findings = Findings(most)
    wanted = frozenset(file.csv for file in File if demographics or file is not File.demographics) | {MANIFEST}
    there = unpacked(data, limits or Limits(), wanted, findings)
    if "" in findings.refused:
        return _reading(None, findings)
    stated = manifest(there.get(MANIFEST), findings)
    if stated is None:
        return _reading(None, findings)
    records: dict[str, tuple[Record, ...]] = {}
    modes = {}
    for file in sorted(disagreements(stated, there, findings), key=list(File).index):
        content = there[file.csv]
        if content is None:
            _note_left_out(file, findings)
            continue
        modes[file] = stated.mode(file)
        records[file.name] = rows(TABLES[file], content, stated.version, modes[file], findings)
        if file is File.user_profiles:
            findings.note(file.csv, "Accounts in other systems are checked, and not stored.", "Nothing to do.")
        if file is File.score_scales:
            findings.note(file.csv, "Score scales are checked, and not stored.", "A class says how it is graded here.")
    refused = frozenset(file for file in File if file.csv in findings.refused)
    read_modes = {file: mode for file, mode in modes.items() if file not in refused}
    package = Package(stated.version, read_modes, stated.source_name, stated.source_code, **records)  # type: ignore[arg-type]
    return _Parsed(package, refused, findings).reading(None)


def _note_left_out(file: File, findings: Findings) -> None:
    findings.note(
        file.csv,
        "Demographics are turned off for this organisation: the file was not opened.",
        "An administrator can turn them on before the file is sent again.",
    )


def _reading(
    package: Package | None,
    findings: Findings,
    unresolved: tuple[Unresolved, ...] = (),
    before: _Parsed | None = None,
) -> Reading:
    return Reading(
        package,
        tuple(findings.kept),
        findings.more,
        dict(findings.counts),
        findings.rejections(),
        unresolved,
        before,
    )
