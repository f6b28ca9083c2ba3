//! Which alerts are of one network.

use std::collections::HashMap;

use crate::transfers::AccountNumber;

/// Numbers networks from 1, the one with the best alert first; one number for each alert. Alerts are accounts, the best first; an
/// account may stand twice. `members` gives the community around an account, itself among them.
///
/// An alert that is in the community of a better one has its number. So has one most of whose own community's alerts have it.
///
/// **Cost.** One community for each network and for each alert that no better one's community holds.
pub fn number(
    alerts: &[AccountNumber],
    mut members: impl FnMut(AccountNumber) -> Vec<AccountNumber>,
) -> Vec<u32> {
    let mut numbers: HashMap<AccountNumber, u32> = alerts.iter().map(|one| (*one, 0)).collect();
    let mut networks = 0;
    for alert in alerts {
        if numbers[alert] != 0 {
            continue;
        }
        let mut others = members(*alert);
        others.retain(|one| one != alert && numbers.contains_key(one));
        others.sort_unstable();
        others.dedup();
        let mut had: Vec<u32> =
            others.iter().map(|one| numbers[one]).filter(|number| *number != 0).collect();
        had.sort_unstable();
        let most =
            had.chunk_by(|a, b| a == b).max_by_key(|of| (of.len(), std::cmp::Reverse(of[0])));
        let number = match most {
            Some(of) if of.len() * 2 > others.len() => of[0],
            _ => {
                networks += 1;
                networks
            }
        };
        numbers.insert(*alert, number);
        for one in others {
            if let Some(own) = numbers.get_mut(&one).filter(|own| **own == 0) {
                *own = number;
            }
        }
    }
    alerts.iter().map(|alert| numbers[alert]).collect()
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn alerts_of_one_community_share_a_number_and_the_best_is_first() {
        let of = |account: u32| match account {
            1..=3 => vec![1, 2, 3, 40],
            5 | 6 => vec![5, 6],
            // 4 stands beside the first three; 7 between both networks.
            4 => vec![4, 1, 2],
            7 => vec![7, 1, 5],
            _ => vec![account],
        };
        assert_eq!(number(&[1, 5, 3, 4, 6, 2, 7, 8, 1], of), [1, 2, 1, 1, 2, 1, 3, 4, 1]);
        assert_eq!(number(&[], of), [0_u32; 0]);
    }
}
