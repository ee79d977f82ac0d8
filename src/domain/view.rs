//! Which deals a list holds, in which order, under which headings.

use super::query::{Field, Filter, Order};

/// Which deals a list holds, before its filter.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub enum View {
    /// The sitting: what is due, and at most 25 more.
    #[default]
    ToDecide,
    /// All open deals, in the order of the queue.
    Open,
    /// Tripwires, holds and nurture dates that are due.
    Due,
    /// Fired prospects that made contact again.
    CameBack,
    /// Open, and they do not answer.
    Dark,
    /// Open, and the money is bad.
    BadMoney,
    /// Open, and the sweep found that its calls are dreaded.
    Dreaded,
    /// Fired.
    Gone,
    /// Waiting for them.
    OnHold,
    /// Continued, with a tripwire ahead.
    Continued,
    /// Fired until a date.
    Nurture,
    /// Open, and no senior was in the first two meetings.
    NoSeniorAtStart,
    /// Open, and core questions were never asked.
    UnaskedCore,
    /// What the record alone fires.
    DeadOnPaper,
    /// Won, lost and removed.
    Closed,
    /// Every deal.
    All,
    /// One that a person saved, by its name; its filter stands in the query.
    Saved(String),
}

impl View {
    /// The built-in views, in the order of the menu.
    pub const BUILT_IN: [Self; 16] = [
        Self::ToDecide,
        Self::Open,
        Self::Due,
        Self::CameBack,
        Self::Dark,
        Self::BadMoney,
        Self::Dreaded,
        Self::Continued,
        Self::OnHold,
        Self::Gone,
        Self::Nurture,
        Self::NoSeniorAtStart,
        Self::UnaskedCore,
        Self::DeadOnPaper,
        Self::Closed,
        Self::All,
    ];

    /// The name that commands take, and that is kept over a restart.
    pub fn code(&self) -> &str {
        match self {
            Self::ToDecide => "to-decide",
            Self::Open => "open",
            Self::Due => "due",
            Self::CameBack => "came-back",
            Self::Dark => "dark",
            Self::BadMoney => "bad-money",
            Self::Dreaded => "dreaded",
            Self::Gone => "gone",
            Self::OnHold => "on-hold",
            Self::Continued => "continued",
            Self::Nurture => "nurture",
            Self::NoSeniorAtStart => "no-senior-at-start",
            Self::UnaskedCore => "unasked-core",
            Self::DeadOnPaper => "dead-on-paper",
            Self::Closed => "closed",
            Self::All => "all",
            Self::Saved(name) => name,
        }
    }

    /// The title on screen.
    pub fn title(&self) -> String {
        self.code().replace('-', " ")
    }

    /// The term of a filter that leaves the same deals of all, so that a view saved from this one
    /// shows them again; empty where every deal is meant, and for a saved one, whose filter has its
    /// terms already.
    pub fn terms(&self) -> String {
        match self {
            Self::All | Self::Saved(_) => String::new(),
            Self::ToDecide
            | Self::Open
            | Self::Due
            | Self::CameBack
            | Self::Dark
            | Self::BadMoney
            | Self::Dreaded
            | Self::Gone
            | Self::OnHold
            | Self::Continued
            | Self::Nurture
            | Self::NoSeniorAtStart
            | Self::UnaskedCore
            | Self::DeadOnPaper
            | Self::Closed => format!("{}:{}", Field::View, self.code()),
        }
    }

    /// Finds a built-in view by its name; blanks and underscores are as good as hyphens.
    pub fn by_name(name: &str) -> Option<Self> {
        let name = name.trim().to_lowercase().replace([' ', '_'], "-");
        // What is gone was fired: both words are used.
        let name = if name == "fired" { "gone" } else { &name };
        Self::BUILT_IN.into_iter().find(|v| v.code() == name)
    }
}

/// Where the counting of a view ends, so that it costs the same in a pipeline of any size.
pub const COUNTED: u64 = 1_000;

/// All that names a list.
#[derive(Clone, Debug, Default)]
pub struct ListQuery {
    /// Which deals.
    pub view: View,
    /// The filter as typed; empty for none.
    pub text: String,
    /// The same, read; `None` for none.
    pub filter: Option<Filter>,
    /// In which order.
    pub order: Order,
}

/// What stands over a group of rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Heading {
    /// Something fell due.
    Due,
    /// The verdict is FIRE.
    Fire,
    /// The verdict is GET TO NO.
    GetToNo,
    /// The verdict is CONTINUE.
    Continue,
    /// Decided: continued.
    Continued,
    /// Decided: on hold.
    OnHold,
    /// Decided: fired.
    Gone,
    /// Won, lost or removed.
    Closed,
}

/// A run of rows under one heading.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Group {
    /// The heading.
    pub heading: Heading,
    /// The place of its first row in the index.
    pub start: usize,
    /// How many rows it has; never 0.
    pub count: usize,
    /// Hours: at stake under FIRE (they come back), a week under CONTINUE; `None` elsewhere.
    pub hours: Option<f64>,
}

/// The order of a list: which deals, and under which headings.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Index {
    /// The deals in their order, by their numbers.
    pub ids: Vec<u32>,
    /// The headings, in their order; empty for flat orders.
    pub groups: Vec<Group>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::locale::DayOrder;

    #[test]
    fn the_term_of_every_view_is_a_filter_that_names_it() {
        for view in View::BUILT_IN {
            let read = Filter::parse(&view.terms(), DayOrder::DayFirst);
            let read = read.unwrap_or_else(|e| panic!("{view:?}: {e:?}"));
            let named = read.only_view();
            assert_eq!(named, (view != View::All).then_some(view));
        }
    }
}
