//! Dated rates that make amounts of different currencies comparable.

use std::collections::HashMap;

use tutela_core::{Currency, Money};

const DAY_S: i64 = 86_400;

/// Rates to one reference currency. Whoever screens brings them: a currency without a rate stays
/// without a comparable amount, and is counted.
#[derive(Debug, Clone)]
pub struct Rates {
    reference: Currency,
    /// By currency, days since 1970 rising, each with the value of one major unit.
    dated: HashMap<Currency, Vec<(i64, f64)>>,
}

impl Rates {
    /// Only the reference currency itself is comparable.
    pub fn only(reference: Currency) -> Self {
        Self { reference, dated: HashMap::new() }
    }

    /// The currency that amounts are compared in.
    pub fn reference(&self) -> Currency {
        self.reference
    }

    /// From `time_s` on, one major unit of `currency` is worth `rate` major units of the reference
    /// currency. Anything but a rate above zero is passed over; `false` says so.
    pub fn set(&mut self, currency: Currency, time_s: i64, rate: f64) -> bool {
        if !(rate.is_finite() && rate > 0.0) {
            return false;
        }
        let day = time_s.div_euclid(DAY_S);
        let dated = self.dated.entry(currency).or_default();
        match dated.binary_search_by_key(&day, |(day, _)| *day) {
            Ok(at) => dated[at].1 = rate,
            Err(at) => dated.insert(at, (day, rate)),
        }
        true
    }

    /// What an amount is worth in minor units of the reference currency, by the last rate before its
    /// time or, where there is none, by the first after it.
    pub fn reference_minor(&self, amount: Money, time_s: i64) -> Option<u32> {
        let minor = if amount.currency == self.reference {
            amount.minor as f64
        } else {
            let dated = self.dated.get(&amount.currency)?;
            let day = time_s.div_euclid(DAY_S);
            let after = dated.partition_point(|(from, _)| *from <= day);
            let (_, rate) = dated.get(after.saturating_sub(1))?;
            let digits =
                self.reference.minor_digits() as i32 - amount.currency.minor_digits() as i32;
            amount.minor as f64 * rate * 10_f64.powi(digits)
        };
        // One below the largest, which stands for "no rate".
        Some(minor.round().clamp(0.0, f64::from(u32::MAX - 1)) as u32)
    }
}

#[cfg(test)]
mod tests {
    use tutela_core::{Currency, Money};

    use super::{DAY_S, Rates};

    #[test]
    fn the_last_rate_before_a_time_holds() {
        let php: Currency = "PHP".parse().unwrap();
        let jpy: Currency = "JPY".parse().unwrap();
        let mut rates = Rates::only(Currency::USD);
        assert!(rates.set(php, 20 * DAY_S, 0.02));
        assert!(rates.set(php, 10 * DAY_S, 0.01));
        assert!(rates.set(jpy, 0, 0.007));
        assert!(!rates.set(php, 0, f64::NAN) && !rates.set(php, 0, 0.0));
        let worth = |minor, currency, day: i64| {
            rates.reference_minor(Money { minor, currency }, day * DAY_S)
        };
        assert_eq!(worth(100_000, php, 5), Some(1_000), "before the first: the first");
        assert_eq!(worth(100_000, php, 19), Some(1_000));
        assert_eq!(worth(100_000, php, 20), Some(2_000));
        assert_eq!(worth(1_000, jpy, 20), Some(700), "yen have no minor unit");
        assert_eq!(worth(1_500, Currency::USD, 0), Some(1_500));
        assert_eq!(worth(1_500, Currency::EUR, 0), None);
        assert_eq!(worth(i64::MAX, Currency::USD, 0), Some(u32::MAX - 1));
    }
}
