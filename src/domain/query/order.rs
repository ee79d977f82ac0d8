//! Orders of the list.

use std::fmt;

/// How the list is ordered. Each order has one direction, the useful one; ties fall to the queue.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Order {
    /// The order in which deciding saves most hours.
    #[default]
    Queue,
    /// The largest amount first, each currency for itself.
    Amount,
    /// The earliest close date first.
    Close,
    /// Most hours spent first.
    Hours,
    /// The longest silence first.
    Last,
    /// Accounts by their letters.
    Account,
    /// FIRE, GET TO NO, CONTINUE.
    Verdict,
    /// The farthest stage first.
    Stage,
    /// The newest first.
    Created,
}

impl Order {
    /// Every order, as offered.
    pub const ALL: [Self; 9] = [
        Self::Queue,
        Self::Amount,
        Self::Close,
        Self::Hours,
        Self::Last,
        Self::Account,
        Self::Verdict,
        Self::Stage,
        Self::Created,
    ];

    /// Returns the name of the order, in one word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Queue => "queue",
            Self::Amount => "amount",
            Self::Close => "close",
            Self::Hours => "hours",
            Self::Last => "last",
            Self::Account => "account",
            Self::Verdict => "verdict",
            Self::Stage => "stage",
            Self::Created => "created",
        }
    }

    /// Returns what the order puts first, in few words.
    pub fn help(self) -> &'static str {
        match self {
            Self::Queue => "what deciding saves most",
            Self::Amount => "largest amount first",
            Self::Close => "earliest close date first",
            Self::Hours => "most hours spent first",
            Self::Last => "longest since their last act first",
            Self::Account => "by name of the account",
            Self::Verdict => "fire, get to no, continue",
            Self::Stage => "farthest stage first",
            Self::Created => "newest first",
        }
    }

    /// Finds an order by its name, in either case; `last act` is `last`.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().to_ascii_lowercase();
        let text = text
            .strip_suffix("act")
            .map_or(text.as_str(), |rest| rest.trim_end_matches([' ', '_', '-']));
        Self::ALL.into_iter().find(|order| order.name() == text)
    }

    /// Says whether the order tells something about amounts, and so is off while the mask hides
    /// them.
    pub fn tells_amounts(self) -> bool {
        self == Self::Amount
    }
}

impl fmt::Display for Order {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_reads_back() {
        for order in Order::ALL {
            assert_eq!(Order::parse(&order.to_string()), Some(order));
        }
    }

    #[test]
    fn names_are_read_in_any_case() {
        assert_eq!(Order::parse(" Amount "), Some(Order::Amount));
        assert_eq!(Order::parse("last act"), Some(Order::Last));
        assert_eq!(Order::parse("last_act"), Some(Order::Last));
        assert_eq!(Order::parse("act"), None);
        assert_eq!(Order::parse(""), None);
    }

    #[test]
    fn only_the_order_by_amount_tells_amounts() {
        let telling: Vec<_> = Order::ALL
            .into_iter()
            .filter(|o| o.tells_amounts())
            .collect();

        assert_eq!(telling, [Order::Amount]);
    }
}
