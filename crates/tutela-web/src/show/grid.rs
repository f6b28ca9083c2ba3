//! A PDQ signal drawn as its 16 by 16 bits.
//!
//! Bit `k` stands in row `k / 16` from the top and column `k % 16` from the left. The hex form
//! prints bit 255 first, so the first digit holds the right end of the bottom row.

use std::fmt::Write;

/// Rows and columns.
const SIDE: usize = 16;

/// The path of all set bits in a 16 by 16 box, or `None` where the text is not 64 hex digits.
pub(crate) fn bits_path(hex: &str) -> Option<String> {
    let words = hex.parse::<tutela_core::Pdq>().ok()?.words();
    let is_set = |k: usize| words.get(3 - k / 64).is_some_and(|word| word >> (k % 64) & 1 == 1);
    let mut path = String::new();
    for row in 0..SIDE {
        let mut column = 0;
        while column < SIDE {
            let run = (column..SIDE).take_while(|at| is_set(row * SIDE + at)).count();
            if run > 0 {
                // Writing to a string cannot fail.
                let _ = write!(path, "M{column} {row}h{run}v1h-{run}z");
            }
            column += run.max(1);
        }
    }
    Some(path)
}

#[cfg(test)]
mod tests {
    use super::bits_path;

    #[test]
    fn bit_0_is_top_left_and_bit_255_bottom_right() {
        let lowest = format!("{:0>64}", "1");
        let highest = format!("{:0<64}", "8");
        assert_eq!(bits_path(&lowest).as_deref(), Some("M0 0h1v1h-1z"));
        assert_eq!(bits_path(&highest).as_deref(), Some("M15 15h1v1h-1z"));
    }

    #[test]
    fn neighbours_in_a_row_join_and_rows_do_not() {
        let row_0_and_1 = format!("{:0>64}", "1800f");
        assert_eq!(
            bits_path(&row_0_and_1).as_deref(),
            Some("M0 0h4v1h-4zM15 0h1v1h-1zM0 1h1v1h-1z")
        );
        let full = "f".repeat(64);
        assert_eq!(bits_path(&full).map(|path| path.matches("h16v1h-16z").count()), Some(16));
        assert_eq!(bits_path(&"0".repeat(64)).as_deref(), Some(""));
    }

    #[test]
    fn other_text_has_no_grid() {
        for text in ["", "ff", "not hexadecimal"] {
            assert_eq!(bits_path(text), None);
        }
    }
}
