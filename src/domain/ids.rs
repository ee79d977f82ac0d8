//! Identities of rows, as types of their own so that none is taken for another.

use std::fmt;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

id!(
    /// A deal's public number: the one that commands take and JSON prints.
    DealId
);
id!(
    /// A row of the journal's list of actions; a later action has a larger number.
    ActionId
);
id!(
    /// A run of the importer that wrote something.
    BatchId
);

impl DealId {
    /// The number as the cockpit's row index keeps it, four bytes a deal.
    ///
    /// A pipeline ends at 4,294,967,295 deals.
    pub fn short(self) -> u32 {
        u32::try_from(self.0).unwrap_or(u32::MAX)
    }
}

impl From<u32> for DealId {
    fn from(short: u32) -> Self {
        Self(i64::from(short))
    }
}
