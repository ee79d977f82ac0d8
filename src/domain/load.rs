//! How far an import is behind its last row.

/// What an import still does when all of its rows are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// It sorts them, for each order in which deals are looked for.
    Sorting,
    /// It judges the deals that they bear on.
    Judging {
        /// Deals that are judged.
        done: u64,
        /// All of them, as far as is known.
        of: u64,
        /// Whether the import is done but for that: what is left is judged on the next occasion.
        is_in: bool,
    },
}

impl Ending {
    /// Says it, with numbers as they are written for whoever reads it.
    pub fn words(self, number: impl Fn(u64) -> String) -> String {
        match self {
            Self::Sorting => "sorting what was read".to_owned(),
            Self::Judging { of: 0, .. } => "adding up what is known of all deals".to_owned(),
            Self::Judging { done, of, .. } => {
                format!("judging {} of {} deals", number(done), number(of))
            }
        }
    }

    /// Whether stopping now takes the import back.
    pub fn can_be_taken_back(self) -> bool {
        !matches!(self, Self::Judging { is_in: true, .. })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deals_are_told_of_only_where_some_are_judged() {
        let judging = |of| Ending::Judging {
            done: 0,
            of,
            is_in: true,
        };
        let words = |of| judging(of).words(|n| n.to_string());

        assert_eq!(words(0), "adding up what is known of all deals");
        assert_eq!(words(7), "judging 0 of 7 deals");
    }
}
