//! Two values of one kind, compared without any bank.

use tutela_core::{ContentNumber, Pdq};

use super::kinds::{KindType, Nearness};

/// What came of a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Compared {
    /// Whether they match.
    pub near: bool,
    /// How near; `None` where the kind says nothing of what does not match.
    pub nearness: Option<Nearness>,
}

/// Compares two canonical values of a kind, by the radius of the kind.
pub fn compare(kind: &KindType, left: &str, right: &str) -> Compared {
    let radius = kind.signal.threshold.unwrap_or(0);
    if kind.id == super::kinds::PDQ
        && let (Ok(left), Ok(right)) = (left.parse::<Pdq>(), right.parse::<Pdq>())
    {
        let bits = left.words().into_iter().zip(right.words());
        let bits: u32 = bits.map(|(left, right)| (left ^ right).count_ones()).sum();
        let bits = u16::try_from(bits).unwrap_or(u16::MAX);
        return Compared { near: bits <= radius, nearness: Some(Nearness::Bits(bits)) };
    }
    let stored = (kind.new)();
    stored.add(ContentNumber(1), right);
    let mut near = Vec::new();
    stored.look_up(&[left], radius, &mut near);
    let nearness = near.first().map(|(near, _)| near.nearness);
    Compared { near: nearness.is_some(), nearness }
}

#[cfg(test)]
mod tests {
    use super::super::kinds::{KindType, Nearness};
    use super::{Compared, compare};

    #[test]
    fn values_are_compared_by_the_radius_of_their_kind() {
        let check = |kind: &str, left: &str, right: &str, expected: Compared| {
            let kind = KindType::by_id(kind).unwrap();
            assert_eq!(compare(kind, left, right), expected, "{} {left} {right}", kind.id);
        };
        let bits = |near, bits| Compared { near, nearness: Some(Nearness::Bits(bits)) };
        let (zero, one) = ("0".repeat(64), format!("{}1", "0".repeat(63)));
        check("pdq", &zero, &one, bits(true, 1));
        check("pdq", &zero, &"f".repeat(64), bits(false, 256));
        check("pdq", &zero, &format!("{}f", "0".repeat(63)), bits(true, 4));
        let equal = Compared { near: true, nearness: Some(Nearness::Equal) };
        let other = Compared { near: false, nearness: None };
        check("sha256", &zero, &zero, equal);
        check("sha256", &zero, &one, other);
        check("video_md5", &"a".repeat(32), &"a".repeat(32), equal);
    }
}
