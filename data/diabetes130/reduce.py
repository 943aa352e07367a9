#!/usr/bin/env python3
"""Reduce the UCI data set 296 (Diabetes 130-US hospitals, 1999-2008) to one row per patient.

    python3 reduce.py diabetes+130-us+hospitals+for+years+1999-2008.zip diabetes130.csv.gz

Standard library only. The CSV is the same byte for byte on every run; the gzip wrapping depends on the zlib version.
Prints the SHA-256 of the CSV. See README.md for what is kept, grouped and made up.
"""

import csv
import gzip
import hashlib
import io
import sys
import zipfile
from datetime import date, timedelta

MEMBER = "dataset_diabetes/diabetic_data.csv"
SEED = "nectar demo consent 1"

ADMISSION_TYPE = {
    "1": "Emergency", "2": "Urgent", "3": "Elective", "4": "Newborn", "7": "Trauma center",
    "5": "", "6": "", "8": "",  # not available, NULL, not mapped
}
ADMISSION_SOURCE = {
    **dict.fromkeys(["1", "2", "3"], "Referral"),
    **dict.fromkeys(["4", "5", "6", "10", "18", "19", "22", "25", "26"], "Transfer"),
    "7": "Emergency room",
    **dict.fromkeys(["8", "11", "12", "13", "14", "23", "24"], "Other"),
    **dict.fromkeys(["9", "15", "17", "20", "21"], ""),  # not available, NULL, not mapped, unknown
}
# Chapters of ICD-9-CM as grouped in table 2 of Strack et al. 2014, with the symptoms they add to a chapter.
CHAPTERS = [
    ("Circulatory", 390, 459, 785), ("Respiratory", 460, 519, 786), ("Digestive", 520, 579, 787),
    ("Diabetes", 250, 250, None), ("Injury", 800, 999, None), ("Musculoskeletal", 710, 739, None),
    ("Genitourinary", 580, 629, 788), ("Neoplasms", 140, 239, None),
]
COPIED = [
    "time_in_hospital", "num_lab_procedures", "num_procedures", "num_medications", "number_outpatient",
    "number_emergency", "number_inpatient", "number_diagnoses", "max_glu_serum", "A1Cresult", "insulin", "change",
    "diabetesMed", "readmitted",
]
HEADER = [
    "patient_nbr", "race", "sex", "age", "admission_type", "admission_source", "diagnosis_group", "diagnosis",
    *COPIED, "synthetic_consent_research_until", "synthetic_consent_commercial_until",
]


def known(value):
    """A value, or nothing where the source marks it as missing or invalid."""
    return "" if value in ("?", "Unknown/Invalid") else value


def category(code):
    """The part of an ICD-9-CM code before the point: three digits, V and two, or E and three."""
    return known(code).split(".")[0].zfill(3) if known(code) else ""


def chapter(code):
    """The group of an ICD-9-CM code."""
    if not code:
        return ""
    if not code.isdigit():
        return "Other"
    number = int(code)
    for name, first, last, symptom in CHAPTERS:
        if first <= number <= last or number == symptom:
            return name
    return "Other"


def draw(purpose, patient):
    """Two numbers in [0, 1), fixed by seed, purpose and patient."""
    digest = hashlib.sha256(f"{SEED}/{purpose}/{patient}".encode()).digest()
    return [int.from_bytes(digest[i:i + 6], "big") / 2**48 for i in (0, 6)]


def consent(purpose, patient, ended, withdrawn, none):
    """A MADE-UP consent: open unless drawn as ended (last day 2021 to 2034), withdrawn, or never given."""
    which, when = draw(purpose, patient)
    if which < ended:
        return str(date(2021, 1, 1) + timedelta(days=int(when * 14 * 365.25)))
    if which < ended + withdrawn:
        return "withdrawn"
    return "" if which < ended + withdrawn + none else "open"


def reduced(row):
    """The row of a patient."""
    diagnosis = category(row["diag_1"])
    patient = row["patient_nbr"]
    return [
        patient, known(row["race"]), known(row["gender"]), row["age"].strip("[)"),
        ADMISSION_TYPE[row["admission_type_id"]], ADMISSION_SOURCE[row["admission_source_id"]],
        chapter(diagnosis), diagnosis, *(row[name] for name in COPIED),
        consent("research", patient, 0.12, 0.05, 0.03), consent("commercial", patient, 0.10, 0.15, 0.40),
    ]


def main(source, target):
    """Read the zip, keep each patient's first encounter, write the CSV."""
    with zipfile.ZipFile(source) as archive, archive.open(MEMBER) as file:
        first = {}
        for row in csv.DictReader(io.TextIOWrapper(file, "utf-8", newline="")):
            kept = first.setdefault(row["patient_nbr"], row)
            if int(row["encounter_id"]) < int(kept["encounter_id"]):
                first[row["patient_nbr"]] = row
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADER)
    writer.writerows(reduced(first[patient]) for patient in sorted(first, key=int))
    data = text.getvalue().encode()
    with open(target, "wb") as file, gzip.GzipFile("", "wb", 9, file, mtime=0) as packed:
        packed.write(data)
    print(f"{len(first)} patients, sha256 {hashlib.sha256(data).hexdigest()}")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
