"""Where the rules come from: key → title, address, and the fact that was used."""

from __future__ import annotations

from collections.abc import Sequence

from .decision import Frozen


class Source(Frozen):
    """One source; `fact` is what the rules take from it."""

    title: str
    url: str
    fact: str
    from_memory: bool = False
    """The fact, or a part of it, was written down without the text at hand: the rules tag it K
    somewhere, or tag it nowhere. Whatever cites the source says so, save for the parts that were
    read: GDPR Art. 22, the AI Act's dates, HIPAA's and PCI's periods. Of SKL the pages on encoding,
    missing values and calibration were read, those on scaling, grouping and thresholds were not."""


def _source(title: str, url: str, fact: str) -> Source:
    return Source(title=title, url=f"https://{url}", fact=fact)


def _remembered(title: str, url: str, fact: str) -> Source:
    return Source(title=title, url=f"https://{url}", fact=fact, from_memory=True)


SOURCES: dict[str, Source] = {
    "GMLOPS": _source(
        "MLOps: Continuous delivery and automation pipelines in machine learning (Google Cloud)",
        "cloud.google.com/architecture/"
        "mlops-continuous-delivery-and-automation-pipelines-in-machine-learning",
        "levels 0 to 2, and when each suits",
    ),
    "AZMM": _source(
        "Machine learning operations maturity model (Microsoft)",
        "learn.microsoft.com/azure/architecture/ai-ml/guide/mlops-maturity-model",
        "five levels; grow in increments",
    ),
    "MLTS": _source(
        "The ML Test Score (Breck et al. 2017)",
        "research.google/pubs/pub46555/",
        "28 tests, half or one point each, the weakest section counts",
    ),
    "BRECK19": _remembered(
        "Data Validation for Machine Learning (Breck et al. 2019)",
        "mlsys.org/Conferences/2019/doc/2019/167.pdf",
        "validate each batch against a schema",
    ),
    "RULES": _remembered(
        "Rules of Machine Learning (Zinkevich)",
        "developers.google.com/machine-learning/guides/rules-of-ml",
        "rules 1, 2, 4, 8, 29, 32 and 33",
    ),
    "SHANKAR": _source(
        "Operationalizing Machine Learning: An Interview Study (Shankar et al. 2022)",
        "arxiv.org/abs/2209.09125",
        "18 engineers: staged deployment, simple guardrails, alert fatigue",
    ),
    "KAPOOR": _source(
        "Leakage and the reproducibility crisis (Kapoor and Narayanan 2023)",
        "doi.org/10.1016/j.patter.2023.100804",
        "17 fields, 294 papers, eight types of leakage",
    ),
    "GRIN": _source(
        "Why do tree-based models still outperform deep learning on typical tabular data? "
        "(Grinsztajn et al. 2022)",
        "papers.neurips.cc/paper_files/paper/2022/hash/"
        "0378c7692da36807bdec87ab043cdadc-Abstract-Datasets_and_Benchmarks.html",
        "trees are state of the art at about 10,000 rows",
    ),
    "TABARENA": _source(
        "TabArena (Erickson et al. 2025)",
        "arxiv.org/abs/2506.16791",
        "boosted trees strong; deep learning catches up with budget and ensembling; foundation "
        "models best on small data",
    ),
    "TABPFN": _source(
        "Accurate predictions on small data with a tabular foundation model (Hollmann et al. 2025)",
        "doi.org/10.1038/s41586-024-08328-6",
        "at most 10,000 rows by 500 columns; 0.2 s a prediction against 0.0002 s",
    ),
    "TABPFN-L": _source(
        "TabPFN, README and licences",
        "github.com/PriorLabs/TabPFN",
        "a licence for each version; CPU up to about 1,000 rows",
    ),
    "VDP": _source(
        "Modern modelling techniques are data hungry (van der Ploeg et al. 2014)",
        "doi.org/10.1186/1471-2288-14-137",
        "20 to 50 events per variable for logistic regression; over 200 do not settle forests, "
        "support vectors or networks",
    ),
    "RILEY": _source(
        "Minimum sample size for developing a multivariable prediction model (Riley et al. 2019)",
        "doi.org/10.1002/sim.7992",
        "compute the sample size; avoid the rule of ten events",
    ),
    "COLLINS": _source(
        "Sample size considerations for external validation (Collins et al. 2016)",
        "doi.org/10.1002/sim.6787",
        "at least 100 events in the test, ideally 200",
    ),
    "VDG": _source(
        "The harm of class imbalance corrections (van den Goorbergh et al. 2022)",
        "doi.org/10.1093/jamia/ocac093",
        "resampling harms calibration and gains no AUC",
    ),
    "CARR": _source(
        "Harms of class imbalance corrections for machine learning models (2025)",
        "pubmed.ncbi.nlm.nih.gov/39865585/",
        "the same for machine learning models",
    ),
    "MCD": _source(
        "A Closer Look at AUROC and AUPRC under Class Imbalance (McDermott et al. 2024)",
        "arxiv.org/abs/2401.06091",
        "average precision is not generally superior",
    ),
    "ELKAN": _remembered(
        "The Foundations of Cost-Sensitive Learning (Elkan 2001)",
        "cseweb.ucsd.edu/~elkan/rescale.pdf",
        "threshold = cost of a false alarm / sum of both costs",
    ),
    "PL": _source(
        "Benchmarking missing-values approaches for predictive models (Perez-Lebel et al. 2022)",
        "doi.org/10.1093/gigascience/giac013",
        "native handling of missing values; indicators matter",
    ),
    "BB": _remembered(
        "Random Search for Hyper-Parameter Optimization (Bergstra and Bengio 2012)",
        "jmlr.org/papers/v13/bergstra12a.html",
        "random search",
    ),
    "SKL": _source(
        "scikit-learn documentation",
        "scikit-learn.org/stable/",
        "cross-fitted target encoding; isotonic calibration needs about 1,000 rows",
    ),
    "SKL-P": _source(
        "scikit-learn: Model persistence",
        "scikit-learn.org/stable/model_persistence.html",
        "opening a pickle executes code; what ONNX and skops trade",
    ),
    "RUDIN": _remembered(
        "Stop explaining black box machine learning models for high stakes decisions (Rudin 2019)",
        "doi.org/10.1038/s42256-019-0048-x",
        "interpretable models where the stakes are high",
    ),
    "EBM": _remembered(
        "InterpretML: A Unified Framework for Machine Learning Interpretability (Nori et al. 2019)",
        "arxiv.org/abs/1909.09223",
        "additive curves that are exact and rival boosted trees",
    ),
    "EVID": _source(
        "Data drift preset (Evidently)",
        "docs.evidentlyai.com/metrics/preset_data_drift",
        "a data set drifts at half its columns; defaults that depend on size",
    ),
    "YURD": _source(
        "Statistical properties of the population stability index (Yurdakul and Naranjo)",
        "econpapers.repec.org/article/rskjourn5/7725371.htm",
        "0.1 and 0.25 have no error rate",
    ),
    "PRS": _source(
        "The Population Resemblance Statistic (Potgieter et al.)",
        "arxiv.org/abs/2307.11878",
        "the index alarms too often on small samples, too seldom on large ones",
    ),
    "CBPE": _source(
        "Performance estimation (NannyML)",
        "github.com/NannyML/nannyml/blob/v0.8.5/docs/how_it_works/performance_estimation.rst",
        "CBPE for classification, DLE for regression; calibration is needed",
    ),
    "SRE": _remembered(
        "Monitoring distributed systems (Google SRE book); Canarying releases (workbook)",
        "sre.google/workbook/canarying-releases/",
        "pages that somebody can act on; what a canary can measure",
    ),
    "WALD": _remembered(
        "Sequential tests of statistical hypotheses (Wald 1945)",
        "doi.org/10.1214/aoms/1177731118",
        "a test whose level holds however often one looks",
    ),
    "DKW": _remembered(
        "The tight constant in the Dvoretzky-Kiefer-Wolfowitz inequality (Massart 1990)",
        "doi.org/10.1214/aop/1176990746",
        "how far a sample's distribution strays from the true one by chance",
    ),
    "AWS-CD": _source(
        "MLOps checklist: continuous deployment (AWS)",
        "docs.aws.amazon.com/prescriptive-guidance/latest/mlops-checklist/"
        "continuous-deployment.html",
        "canary, shadow, blue-green; rollback, fallback",
    ),
    "ZEN": _source(
        "ZenML stacks, and the zenml 0.98.0 package",
        "docs.zenml.io/stacks",
        "validators, flavours, pins",
    ),
    "MLFLOW": _source(
        "RFC on model stages (MLflow)",
        "github.com/mlflow/mlflow/issues/10336",
        "stages are deprecated from 2.9; aliases and tags",
    ),
    "APPR": _source(
        "AWS App Runner availability change",
        "docs.aws.amazon.com/apprunner/latest/dg/apprunner-availability-change.html",
        "closed to new customers",
    ),
    "PANDAS": _source(
        "Apache Arrow and the 10 things I hate about pandas (McKinney)",
        "wesmckinney.com/blog/apache-arrow-pandas-internals",
        "five to ten times the data in memory",
    ),
    "DUCK": _source(
        "Tuning workloads (DuckDB)",
        "duckdb.org/docs/current/guides/performance/how_to_tune_workloads",
        "larger than memory, on one machine",
    ),
    "DELTA": _source(
        "VACUUM (Databricks)",
        "learn.microsoft.com/azure/databricks/sql/language-manual/delta-vacuum",
        "old files go after 7 days by default",
    ),
    "GDPR": _remembered(
        "Regulation (EU) 2016/679; CJEU C-634/21",
        "eur-lex.europa.eu/eli/reg/2016/679/oj",
        "Articles 5, 9, 17, 22 and 35; a score as a decision",
    ),
    "AIA": _remembered(
        "Regulation (EU) 2024/1689, dates changed by Regulation (EU) 2026/1744",
        "eur-lex.europa.eu/eli/reg/2024/1689/oj",
        "Annex III from 2 December 2027; fraud detection excepted; Articles 12, 18, 19 and 26",
    ),
    "SR262": _source(
        "SR 26-2, model risk (Federal Reserve, 17 April 2026)",
        "pubt.io/view/FDF4C5585D84070C32AE66166EFA604840FF92A3",
        "supersedes SR 11-7; aimed at banks above 30 billion dollars",
    ),
    "HIPAA": _remembered(
        "45 CFR 164.316(b)(2)(i) and 164.514(b)",
        "www.ecfr.gov/current/title-45/subtitle-A/subchapter-C/part-164",
        "documentation for 6 years; 18 identifiers",
    ),
    "PCI": _remembered(
        "PCI DSS 10.5.1",
        "withpci.com/requirements/10/10.5/10.5.1",
        "audit logs for 12 months, 3 of them at hand",
    ),
    "REGB": _source(
        "12 CFR 1002.9 and 1002.12 (Regulation B)",
        "www.consumerfinance.gov/rules-policy/regulations/1002/12/",
        "specific reasons; records for 25 months",
    ),
    "EEOC": _remembered(
        "29 CFR 1607.4(D)",
        "www.ecfr.gov/current/title-29/section-1607.4",
        "four-fifths as a screening rule; small numbers are no evidence",
    ),
    "VELA": _source(
        "Temporal quality degradation in AI models (Vela et al. 2022)",
        "doi.org/10.1038/s41598-022-15245-z",
        "what its 91 % measured: models offline, not production",
    ),
    "SCULLEY": _remembered(
        "Hidden Technical Debt in Machine Learning Systems (Sculley et al. 2015)",
        "papers.nips.cc/paper/5656",
        "feedback loops",
    ),
    "MITCH": _remembered(
        "Model Cards for Model Reporting (Mitchell et al.)", "arxiv.org/abs/1810.03993", "cards"
    ),
    "GEBRU": _remembered(
        "Datasheets for Datasets (Gebru et al.)", "arxiv.org/abs/1803.09010", "cards"
    ),
    "CANVAS": _remembered(
        "MLOps Stack Canvas", "ml-ops.org/content/mlops-stack-canvas", "eleven components"
    ),
    "ARC42": _remembered("arc42", "arc42.org/overview", "the list of sections"),
    "C4": _remembered("The C4 model", "c4model.com", "context and container diagrams"),
    "MADR": _remembered(
        "Markdown Architectural Decision Records", "adr.github.io/madr/", "fields of a record"
    ),
    "HOTEL": _source(
        "Hotel booking demand datasets (Antonio et al. 2019)",
        "doi.org/10.1016/j.dib.2018.11.126",
        "119,390 rows, CC BY",
    ),
}


MEASURED = frozenset({"D8", "G2", "RF05"})
"""Rules and flags that rest on an experiment of ours alone: the rules tag them M."""


def unsourced(rule: str) -> str:
    """What stands behind a rule or flag that cites no source."""
    return "our measurement" if rule in MEASURED else "our judgement"


def basis(rule: str, references: Sequence[str]) -> str:
    """The rule behind an argument as a clause, and what it is where nothing was read for it."""
    if not references:
        return f"rule {rule}, {unsourced(rule)}"
    if all(SOURCES[key].from_memory for key in references):
        return f"rule {rule}, cited from memory"
    return f"rule {rule}"
