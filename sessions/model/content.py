"""What a proposal says, as values: the fields real systems hold (R1 to R6), those that belong together in groups.

The journal holds no person's phone, address or number: `proposer` and `profile` are of an office ("Ketua RW 07").
"""

from __future__ import annotations

from dataclasses import dataclass

SOURCES = ("RW", "KELURAHAN", "KECAMATAN", "AGENCY", "COUNCIL", "COMMUNITY_ORG", "CHILDREN_FORUM", "FLOOR")
TYPES = ("FISIK", "NON_FISIK", "PENGADAAN_BARANG")
FIELDS = ("INFRASTRUKTUR", "SOSIAL_BUDAYA", "EKONOMI", "PERTANIAN", "LAINNYA")
URGENCIES = ("TIDAK_MENDESAK", "CUKUP", "MENDESAK", "SANGAT_MENDESAK")
LANDS = ("PEMDA", "INSTANSI_LAIN", "WARGA", "SENGKETA", "BELUM_DISERAHKAN")
EXPENDITURES = ("MODAL", "BARANG_JASA", "HIBAH", "BANSOS", "BANTUAN_KEUANGAN")
UNITS = ("m", "m2", "m3", "unit", "titik", "buah", "paket", "orang", "set", "lembar", "ha")  # usual ones; any is taken


@dataclass(frozen=True, slots=True)
class Origin:
    """Where it comes from. year: the plan year it is for. external_id, number: what another system calls it.

    external_status: what that system says of it, in its words. continues: external_id of the proposal of an earlier
    year that it takes up again.
    """

    source: str | None = None
    profile: str = ""
    external_id: str = ""
    number: str = ""
    year: int | None = None
    continues: str = ""
    proposed_on: str = ""
    external_status: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where it would be. rt: one or several, "07, 08". lat, lon: degrees, WGS 84."""

    province: str = ""
    regency: str = ""
    kecamatan: str = ""
    kelurahan: str = ""
    rt: str = ""
    hamlet: str = ""
    street: str = ""
    street_no: str = ""
    location_note: str = ""
    lat: float | None = None
    lon: float | None = None
    map_link: str = ""


@dataclass(frozen=True, slots=True)
class Aims:
    idea: str = ""
    background: str = ""
    legal_basis: str = ""
    purpose: str = ""
    goal: str = ""
    output: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """Where it fits in catalogue and plans. plan_ref: its id in Renja, RKPD or APBD once it got one."""

    field: str | None = None
    catalogue_item: str = ""
    from_catalogue: bool | None = None
    programme: str = ""
    activity: str = ""
    sub_activity: str = ""
    affairs: str = ""
    regional_priority: str = ""
    rpjmd_aligned: bool | None = None
    plan_ref: str = ""
    execution_year: int | None = None


@dataclass(frozen=True, slots=True)
class Cost:
    """Whole rupiah. coefficient: how the volume came about, "10 x 100"."""

    coefficient: str = ""
    unit_price: int | None = None
    ceiling: int | None = None
    funding_source: str = ""
    price_standard: str = ""
    expenditure_kind: str | None = None


@dataclass(frozen=True, slots=True)
class Content:
    """What a proposal says; amount in rupiah as asked for, volume in `unit`, households that benefit.

    agency: the one asked for; which one is in charge in the end is not the proposer's to say (see AgencyDesk).
    """

    title: str
    problem: str = ""
    address: str = ""
    amount: int | None = None
    volume: float | None = None
    unit: str = ""
    agency: str = ""
    type: str | None = None
    urgency: str | None = None
    land: str | None = None
    rw: str = ""
    households: int | None = None
    proposer: str = ""
    note: str = ""
    origin: Origin = Origin()
    place: Place = Place()
    aims: Aims = Aims()
    plan: Plan = Plan()
    cost: Cost = Cost()
