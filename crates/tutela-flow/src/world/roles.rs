//! Pure tables: the roles, countries and figures that a world starts from.
//!
//! Where a figure is published the line says so; the others are assumptions, and free.

use super::parameters::{
    Cadence, Corridor, Domestic, Origin, Parameters, Payees, Role, Target, Variant,
};

/// Purposes that a transfer can carry. `none` is the commonest in every role, so that none gives itself away.
pub const PURPOSES: [&str; 6] = ["none", "family", "medical", "education", "goods", "services"];

/// Mean transfers of a buyer that the counts of `target::count` come to (AIC TI 589: 10.6).
pub(super) const TRANSFERS_OF_A_BUYER: f64 = 10.7;

/// 2025-01-01T00:00:00Z: invented transfers need some year.
const START_S: i64 = 1_735_689_600;

const FAMILY: [f64; 6] = [0.52, 0.30, 0.07, 0.05, 0.03, 0.03];
const TRADE: [f64; 6] = [0.55, 0.04, 0.02, 0.02, 0.22, 0.15];
const GIFT: [f64; 6] = [0.58, 0.20, 0.07, 0.05, 0.05, 0.05];
const SCHOOL: [f64; 6] = [0.50, 0.08, 0.02, 0.36, 0.02, 0.02];

/// The variant `in` at scale 1.
pub(super) fn published(seed: u64) -> Parameters {
    Parameters {
        seed,
        variant: Variant::In,
        start_s: START_S,
        days: 547,
        legitimate_scale: 1.0,
        institutions: 6,
        loyalty: [4.0, 1.3],
        shared_phone: 0.09,
        count_shape: 1.4,
        round_at_destination: 0.30,
        regions: 40,
        domestic: Domestic { transfers: 80_000, activity: 1.1, median_usd: 24.0, within: 0.9 },
        target: target(),
        origins: origins(),
        corridors: corridors(0.62),
        roles: roles(),
    }
}

/// Buyers after AIC TI 589, 634 and 639 and AMLC 2020; facilitators are assumptions.
fn target() -> Target {
    Target {
        buyers: 200,
        facilitators: 60,
        camouflaged: 0.35,
        median_usd: [33.0, 52.0],
        deviation: [0.45, 0.50],
        escalation: 0.25,
        rounded: 0.65,
        night: 0.60,
        age: [56.0, 11.0],
        male: 0.97,
        gap_days: [4.0, 16.0, 30.0],
        institutions: [0.60, 0.25, 0.15],
        community: 0.28,
        home_region: 0.70,
        identities: 3,
        same_surname: 0.6,
        same_phone: 0.5,
        attraction: 1.3,
        steps: [0.16, 0.05, 0.09],
        other_identity: 0.25,
        splits: 1.2,
        also_legitimate: 0.45,
        legitimate_payers: [1, 2],
        legitimate_dating: 0.3,
    }
}

fn origins() -> Vec<Origin> {
    let all = [
        ("US", 0.45, -6),
        ("GB", 0.09, 0),
        ("AU", 0.08, 10),
        ("CA", 0.08, -5),
        ("DE", 0.06, 1),
        ("FR", 0.05, 1),
        ("IT", 0.05, 1),
        ("NL", 0.04, 1),
        ("SE", 0.03, 1),
        ("ES", 0.03, 1),
        ("CH", 0.02, 1),
        ("SG", 0.01, 8),
        ("AE", 0.01, 4),
    ];
    let origin = |(country, share, hours): (&str, f64, i32)| Origin {
        country: country.to_owned(),
        share,
        hours,
    };
    all.into_iter().map(origin).collect()
}

/// Corridors, with this share of facilitators in the Philippines and the rest spread evenly over
/// the next seven (the countries that FINTRAC's alerts of 2020 and 2025 name first).
pub(super) fn corridors(philippines: f64) -> Vec<Corridor> {
    let rest = (1.0 - philippines) / 7.0;
    let all = [
        ("PH", 0.38, philippines, 57.0, 500.0),
        ("TH", 0.06, rest, 34.0, 500.0),
        ("ID", 0.06, 0.0, 16_000.0, 100_000.0),
        ("VN", 0.07, 0.0, 25_000.0, 100_000.0),
        ("KH", 0.02, 0.0, 4_100.0, 50_000.0),
        ("IN", 0.10, 0.0, 84.0, 1_000.0),
        ("CO", 0.05, rest, 4_100.0, 50_000.0),
        ("DO", 0.05, rest, 60.0, 500.0),
        ("MX", 0.05, rest, 18.0, 200.0),
        ("NG", 0.03, 0.0, 1_550.0, 10_000.0),
        ("GH", 0.02, rest, 12.0, 100.0),
        ("KE", 0.02, 0.0, 129.0, 1_000.0),
        ("RO", 0.03, rest, 4.6, 50.0),
        ("UA", 0.02, rest, 41.0, 500.0),
        ("JM", 0.01, 0.0, 157.0, 1_000.0),
        ("BD", 0.01, 0.0, 120.0, 1_000.0),
        ("LK", 0.01, 0.0, 300.0, 5_000.0),
        ("PK", 0.01, 0.0, 280.0, 5_000.0),
    ];
    let corridor = |(country, share, target_share, rate, round): (&str, f64, f64, f64, f64)| {
        Corridor { country: country.to_owned(), share, target_share, rate, round }
    };
    all.into_iter().map(corridor).collect()
}

/// What a role starts from; each entry below says where it differs.
fn role(name: &str, senders: u32, transfers: f64, payees: [u32; 2], median_usd: f64) -> Role {
    Role {
        name: name.to_owned(),
        senders,
        transfers,
        payees,
        few_payees: false,
        paid: Payees::Own,
        median_usd,
        between: 0.55,
        within: 0.6,
        male: 0.5,
        age: [40.0, 11.0],
        night: 0.30,
        cadence: Cadence::Random,
        same_surname: 0.01,
        several_countries: 0.0,
        rounded: 0.65,
        purposes: FAMILY,
    }
}

/// One role a way of paying that looks, in some column, like what is looked for.
fn roles() -> Vec<Role> {
    vec![
        Role {
            within: 0.25,
            male: 0.48,
            age: [38.0, 10.0],
            night: 0.18,
            cadence: Cadence::PayDay,
            same_surname: 0.55,
            several_countries: 0.04,
            ..role("family", 30_000, 14.0, [1, 3], 210.0)
        },
        Role {
            between: 0.45,
            within: 0.40,
            age: [33.0, 9.0],
            same_surname: 0.50,
            several_countries: 0.04,
            ..role("micro_family", 8_500, 30.0, [1, 4], 32.0)
        },
        Role {
            between: 0.50,
            male: 0.95,
            age: [56.0, 10.0],
            same_surname: 0.12,
            several_countries: 0.10,
            ..role("expat", 3_000, 30.0, [2, 6], 80.0)
        },
        Role {
            between: 0.45,
            within: 0.25,
            male: 0.65,
            night: 0.15,
            cadence: Cadence::PayDay,
            same_surname: 0.02,
            several_countries: 0.45,
            purposes: TRADE,
            ..role("contractors", 700, 60.0, [3, 14], 105.0)
        },
        Role {
            between: 0.50,
            within: 0.30,
            age: [45.0, 9.0],
            night: 0.10,
            same_surname: 0.60,
            purposes: SCHOOL,
            ..role("tuition", 3_500, 4.0, [1, 2], 1_200.0)
        },
        Role {
            between: 0.60,
            male: 0.55,
            paid: Payees::Popular(12.0),
            several_countries: 0.55,
            purposes: TRADE,
            ..role("purchases", 7_500, 5.0, [1, 5], 55.0)
        },
        Role {
            between: 0.50,
            male: 0.85,
            age: [37.0, 10.0],
            night: 0.55,
            paid: Payees::Shared(25.0),
            purposes: TRADE,
            ..role("gambling", 2_200, 20.0, [1, 3], 38.0)
        },
        Role {
            between: 0.60,
            male: 0.75,
            age: [58.0, 10.0],
            night: 0.40,
            cadence: Cadence::Escalating,
            paid: Payees::Shared(5.0),
            purposes: GIFT,
            ..role("romance_scam", 350, 12.0, [1, 3], 340.0)
        },
        Role {
            few_payees: true,
            between: 0.50,
            male: 0.95,
            age: [48.0, 13.0],
            night: 0.50,
            paid: Payees::Shared(2.2),
            several_countries: 0.40,
            purposes: GIFT,
            ..role("dating", 2_600, 10.0, [1, 7], 62.0)
        },
        Role {
            between: 0.35,
            within: 0.15,
            age: [57.0, 11.0],
            night: 0.15,
            cadence: Cadence::Monthly,
            paid: Payees::Shared(4.0),
            several_countries: 0.40,
            purposes: GIFT,
            ..role("charity", 1_500, 16.0, [1, 5], 38.0)
        },
        Role {
            between: 0.60,
            within: 0.70,
            male: 0.60,
            age: [41.0, 12.0],
            cadence: Cadence::Burst,
            paid: Payees::Shared(8.0),
            same_surname: 0.02,
            several_countries: 0.45,
            purposes: TRADE,
            ..role("tourists", 3_800, 3.0, [1, 3], 170.0)
        },
        Role {
            between: 0.80,
            within: 0.50,
            male: 0.55,
            night: 0.28,
            same_surname: 0.20,
            ..role("one_off", 10_000, 1.6, [1, 1], 70.0)
        },
    ]
}

/// Transfers that a role comes to at scale 1. A member without any is no member: counts start at one.
pub(super) fn expected(role: &Role) -> f64 {
    // Negative binomial of shape 1.4: the share without any would be (1 + mean/1.4)^-1.4.
    let none = (1.0 + role.transfers / 1.4).powf(-1.4);
    f64::from(role.senders) * (role.transfers + none)
}
