"""The settings of one table, read by the readers of their fields; what is wrong is noted."""

import dataclasses
import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, dataclass
from typing import Any, TypeVar

from pipeline.config import values
from pipeline.config.lines import Path as KeyPath
from pipeline.config.mistakes import Findings
from pipeline.config.references import References, is_reference, not_a_text, refuse_inline
from pipeline.config.secret import Secret
from pipeline.config.values import Bad, Judged

T = TypeVar("T")

REFERABLE = (values.store, values.broker, values.url)  # an address may carry what nobody else should read


@dataclass
class Fields:
    """Reads tables of one file."""

    findings: Findings
    references: References

    def fields(self, cls: type, at: KeyPath, table: Mapping[str, Any]) -> dict[str, Any]:
        """The settings of a table by their readers; what is unknown, missing or bad is noted."""
        known = {field.name: field for field in readable(cls)}
        for key in table.keys() - known.keys():
            self.findings.unknown((*at, key), known)
        found: dict[str, Any] = {}
        for field in known.values():
            if field.name in table:
                found |= self.known((*at, field.name), table[field.name], field)
            elif field.default is MISSING and field.default_factory is MISSING:
                self.missing(at, field.name, f"[[{at[0]}]]", secret=False)
        return found

    def known(self, at: KeyPath, value: object, field: Field[Any]) -> dict[str, Any]:
        """One of our own settings; only what may hold a secret can be given by reference."""
        secret = bool(field.metadata.get("secret"))
        if is_reference(value) and not secret and field.metadata["read"] not in REFERABLE:
            self.findings.bad(at, Bad("this setting is not given by reference", "write it here"))
            return {}
        return self.one(at, value, field.metadata["read"], secret=secret)

    def missing(self, at: KeyPath, key: str, whose: str, secret: bool) -> None:
        """Note a setting that must be there."""
        example = '{ env = "NAME" }' if secret else "…"
        self.findings.add(at, f'{whose} needs "{key}"', f"add {key} = {example}", key=(*at, key))

    def one(
        self, at: KeyPath, value: object, read: values.Reader, *, secret: bool, keep: bool = False
    ) -> dict[str, Any]:
        """One setting under its name, or nothing when it is noted as bad. `keep`: a reference stays a Secret."""
        key = str(at[-1])
        try:
            if is_reference(value):
                found, plain = self.referenced(value, read)
                return {key: found if secret or keep else plain}
            if secret:
                raise self.no_secret(at, value)
            return {key: self.within(read(value))}
        except Bad as error:
            self.findings.bad(at, error)
            return {}

    def referenced(self, value: dict[str, object], read: values.Reader) -> tuple[Secret, object]:
        """What a reference stands for, and the same as its reader gives it; a mistake never shows it."""
        found = self.references.resolve(value)
        try:
            return found, read(found.reveal())
        except Bad as error:
            how, where = next(iter(value.items()))
            source = f"the environment variable {where}" if how == "env" else f"the file {where}"
            if isinstance(error, Judged):
                raise Bad(f"what {source} holds cannot be used here: {error.message}", error.remedy) from None
            raise Bad(f"what {source} holds cannot be used here", "mend it there") from None

    def within(self, value: object) -> object:
        """The value, with the references inside a table resolved (a header of a webhook may be a secret)."""
        if not isinstance(value, dict):
            return value
        return {key: self.references.resolve(item) if is_reference(item) else item for key, item in value.items()}

    def no_secret(self, at: KeyPath, value: object) -> Bad:
        """What to say to a secret that is not given by reference."""
        if not isinstance(value, str):
            return not_a_text(value)
        variable = re.sub(r"\W+", "_", f"{self.findings.title(at[:-1])}_{at[-1]}").upper()
        return refuse_inline(str(at[-1]), variable.removeprefix("CHANNELS_"))


def built(cls: Callable[..., T], given: dict[str, Any]) -> T | None:
    """The value, when nothing that it needs is missing."""
    fields = dataclasses.fields(cls)  # type: ignore[arg-type]
    needed = {field.name for field in fields if field.default is MISSING and field.default_factory is MISSING}
    return cls(**given) if needed <= given.keys() else None


def readable(cls: type) -> list[Field[Any]]:
    """The fields of a table that stand in the file."""
    return [field for field in dataclasses.fields(cls) if "read" in field.metadata]
