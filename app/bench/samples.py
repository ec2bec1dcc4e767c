"""What is measured: the contract templates with their sample answers."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime

from app.config import Configuration
from app.domain.agreement_text import AgreementText
from app.domain.answers import Answers
from app.domain.assembly import assemble
from app.domain.contract_template import ContractTemplate, Library
from app.library.loading import load_library

MOMENT = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
SMALLER, LARGER = "va-nda", "outsourcing-services"


@dataclass(frozen=True, slots=True)
class Sample:
    library: Library
    contract_template: ContractTemplate
    answers: Answers

    def assemble(self) -> AgreementText:
        return assemble(self.library, self.contract_template, self.answers, number="BENCH-1")


def read_sample(configuration: Configuration, template_id: str) -> Sample:
    library = load_library(configuration.clauses, configuration.contract_templates)
    path = configuration.contract_templates / template_id / "sample_answers.toml"
    answers = Answers.from_json(tomllib.loads(path.read_text(encoding="utf-8")))
    return Sample(library, library.contract_templates[template_id], answers)
