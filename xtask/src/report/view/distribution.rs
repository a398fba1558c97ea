//! How points are spread over a cohort.

/// The spread of some shares.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Spread {
    /// How many there are.
    pub count: usize,
    /// Their mean, in per cent.
    pub mean: f64,
    /// The share below which a quarter, a half and three quarters of them lie, in per cent.
    pub quartiles: [f64; 3],
    /// How many lie in each tenth, the last with 100 per cent.
    pub tenths: [usize; 10],
    /// How many are 100 per cent.
    pub full: usize,
    /// How many are 0 per cent.
    pub none: usize,
}

impl Spread {
    /// The spread of `shares`, each between 0 and 1.
    pub fn of(mut shares: Vec<f64>) -> Self {
        shares.sort_by(f64::total_cmp);
        let mut spread = Self {
            count: shares.len(),
            mean: mean(&shares).unwrap_or(0.0) * 100.0,
            quartiles: [0.25, 0.5, 0.75].map(|part| quantile(&shares, part) * 100.0),
            ..Self::default()
        };
        for share in shares {
            spread.tenths[tenth(share)] += 1;
            spread.full += usize::from(share >= 1.0);
            spread.none += usize::from(share <= 0.0);
        }
        spread
    }
}

/// The share that `reached` is of `max`, between 0 and 1.
pub fn share(reached: u32, max: u32) -> Option<f64> {
    (max > 0).then(|| f64::from(reached) / f64::from(max))
}

/// The mean of some numbers.
pub fn mean(numbers: &[f64]) -> Option<f64> {
    let count = as_number(numbers.len());
    (!numbers.is_empty()).then(|| numbers.iter().sum::<f64>() / count)
}

/// A count as a number; no cohort has more students than an `f64` counts.
pub fn as_number(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::INFINITY, f64::from)
}

fn tenth(share: f64) -> usize {
    // At most ten steps, so that no float is cut to an integer.
    (1..10)
        .filter(|step| share >= f64::from(*step) / 10.0)
        .count()
}

/// Between two neighbours, in proportion (Hyndman and Fan's type 7).
fn quantile(sorted: &[f64], part: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else {
        return 0.0;
    };
    let at = part * as_number(last);
    let below = (0..last)
        .take_while(|index| as_number(index + 1) <= at)
        .count();
    let above = (below + 1).min(last);
    sorted[below] + (sorted[above] - sorted[below]) * (at - as_number(below))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assert_near(told: [f64; 3], expected: [f64; 3]) {
        for (told, expected) in told.iter().zip(expected) {
            assert!((told - expected).abs() < 1e-9, "{told} is not {expected}");
        }
    }

    #[test]
    fn a_spread_is_told_as_other_tools_tell_it() {
        // As numpy.percentile tells it, method "linear".
        let spread = Spread::of(vec![1.0, 0.0, 0.5, 0.25, 0.9]);
        assert!((spread.mean - 53.0).abs() < 1e-9);
        assert_near(spread.quartiles, [25.0, 50.0, 90.0]);
        assert_eq!(spread.tenths, [1, 0, 1, 0, 0, 1, 0, 0, 0, 2]);
        assert_eq!((spread.full, spread.none), (1, 1));
    }

    #[test]
    fn nobody_and_one_have_a_spread_too() {
        assert_eq!(Spread::of(Vec::new()), Spread::default());
        assert_near(Spread::of(vec![0.7]).quartiles, [70.0; 3]);
        let four = Spread::of(vec![0.0, 0.2, 0.4, 1.0]);
        assert!((four.quartiles[0] - 15.0).abs() < 1e-9);
        assert!((four.quartiles[2] - 55.0).abs() < 1e-9);
    }
}
