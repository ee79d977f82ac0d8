//! A made-up pipeline as the files that a CRM would export, with a sheet of what is true of it.
//!
//! Each deal gets a [`Story`]: somebody who went silent on a certain day, a quote that was sent
//! four times, a date that moved. The story decides which signals the record must show, with
//! their figures, before any file is written; nothing here asks the rest of the program what it
//! would make of the files. So the sheet can hold the program to account.
//!
//! The same order gives the same bytes. Instants are in UTC, and nothing falls on the day of the
//! record itself, so that a file is as true in the morning as at night.

mod acts;
mod cast;
mod deal;
mod hubspot;
mod ids;
mod names;
mod plan;
mod salesforce;
mod sheet;
mod story;
mod table;
mod tail;
mod talk;
mod truth;

use std::fmt;

use chrono::{Days, NaiveDate};

pub use acts::ActLine;
pub use cast::Part;
pub use plan::{Fate, Outcome, Plan, Step, Touch};
pub use story::Story;
pub use truth::{Planted, Truth};

/// The CRM whose files are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Crm {
    /// Salesforce: one file an object, with the names of its API.
    #[default]
    Salesforce,
    /// HubSpot: the labels of its own export, one file a kind of activity.
    Hubspot,
}

impl Crm {
    /// Returns the name by which the program knows it.
    pub fn code(self) -> &'static str {
        match self {
            Self::Salesforce => "salesforce",
            Self::Hubspot => "hubspot",
        }
    }

    /// Tells whether its files say when the close date was moved.
    fn tells_moves(self) -> bool {
        match self {
            Self::Salesforce => true,
            Self::Hubspot => false,
        }
    }
}

/// What is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Order {
    /// Whatever number; another one makes another pipeline.
    pub seed: u64,
    /// Deals, closed ones included.
    pub deals: usize,
    /// The day of the record.
    pub today: NaiveDate,
    /// Whose files.
    pub crm: Crm,
}

/// One file of an export.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its name, as the CRM gives it.
    pub name: &'static str,
    /// What is in it.
    pub text: String,
}

/// A made-up pipeline.
pub struct Sample {
    order: Order,
    plans: Vec<Plan>,
}

impl fmt::Debug for Sample {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sample")
            .field("order", &self.order)
            .finish_non_exhaustive()
    }
}

impl Sample {
    /// Makes one up.
    pub fn new(order: Order) -> Self {
        let mut rng = fastrand::Rng::with_seed(order.seed);
        let plans = (0..order.deals)
            .map(|place| deal::plan(&mut rng, place, order.today))
            .collect();
        Self { order, plans }
    }

    /// Makes up what is left open of given parts; how many deals the order wants counts for
    /// nothing.
    pub fn of_cast(order: Order, parts: &[Part]) -> Self {
        let mut rng = fastrand::Rng::with_seed(order.seed);
        let plans = parts.iter().enumerate();
        let plans = plans.map(|(place, part)| deal::part(&mut rng, place, part, order.today));
        let plans = plans.collect();
        Self { order, plans }
    }

    /// Returns what was decided of each deal, in the order of the file of deals.
    pub fn plans(&self) -> &[Plan] {
        &self.plans
    }

    /// Returns the id that the CRM gives to a deal.
    pub fn id(&self, place: usize) -> String {
        match self.order.crm {
            Crm::Salesforce => salesforce::deal_id(place),
            Crm::Hubspot => hubspot::deal_id(place),
        }
    }

    /// Writes the export of the day of the record.
    pub fn files(&self) -> Vec<File> {
        self.files_before(0)
    }

    /// Writes the export that the same CRM would have written so many days earlier: what had
    /// not happened by then is not in it.
    pub fn files_before(&self, days: u32) -> Vec<File> {
        let cut = i64::from(days);
        match self.order.crm {
            Crm::Salesforce => salesforce::files(&self.plans, self.order.today, cut),
            Crm::Hubspot => hubspot::files(&self.plans, self.order.today, cut),
        }
    }

    /// Returns what the record must show of each open deal, in the order of the file of deals.
    pub fn truths(&self) -> Vec<Truth> {
        let has_won_enough = truth::has_won_enough(&self.plans);
        let of_open = self.plans.iter().filter(|plan| plan.fate == Fate::Open);
        let truths = of_open.map(|plan| {
            let known = truth::Known {
                moves: self.order.crm.tells_moves(),
                stages: has_won_enough,
            };
            Truth::of(plan, self.id(plan.place), known, self.order.today)
        });
        let mut truths: Vec<Truth> = truths.collect();
        truth::add_heavy(&mut truths);
        truths
    }

    /// Returns what no CRM knows of the deals, as lines for commands, with what it changes.
    pub fn acts(&self) -> Vec<ActLine> {
        acts::of(self.order.crm, &self.truths(), self.order.today)
    }

    /// Returns who of our own people is senior, as lines for commands.
    pub fn people(&self) -> Vec<ActLine> {
        acts::of_people(self.order.today)
    }

    /// Writes the sheet of truths, one open deal a line, cells parted by tabs.
    pub fn truth_sheet(&self) -> String {
        sheet::of_truths(&self.truths(), &self.acts())
    }

    /// Writes the sheet of acts, one a line, cells parted by tabs.
    pub fn acts_sheet(&self) -> String {
        sheet::of_acts(self.people().iter().chain(&self.acts()))
    }
}

/// Returns the day so many days before another; later where it is negative.
fn day_of(today: NaiveDate, age: i64) -> NaiveDate {
    let days = Days::new(age.unsigned_abs());
    if age < 0 { today + days } else { today - days }
}
