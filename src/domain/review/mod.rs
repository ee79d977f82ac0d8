//! The 1:1 of a manager and a rep: what is on the table, what changed, what each of the two said
//! unseen, what may be fired without asking, and what was decided.
//!
//! Values and pure functions only. The store reads and writes them; the screen and the reports
//! draw them. What is sealed is a type of its own ([`Sealed`]), which nothing can print.

mod agenda;
mod changed;
mod charter;
mod clock;
mod coach;
mod held;
mod minutes;
mod seal;
mod table;
mod told;
mod triage;

pub use agenda::{
    Agenda, AgendaItem, AgendaWhy, Candidate, DecidedRow, Hand, ItemState, LONGEST, arrange,
};
pub use changed::{Change, Changed, Part, Telling, answer_words};
pub use charter::{
    Beyond, Ceiling, Charter, CharterReply, CharterRequest, MayFire, YOU_MAY_FIRE_THEM,
};
pub use clock::{ReviewClock, Session};
pub use coach::{Agreement, Coaching, ENOUGH, LEADS_FROM};
pub use held::{HeldReview, PairReviews};
pub use minutes::{Minutes, MinutesDeal, MinutesDecision, MinutesOwed};
pub use seal::{
    Chosen, Effect, Envelope, Pair, PairOf, SealCount, SealState, Sealed, Spoken, Stand, in_order,
};
pub use table::{OnTable, TableSeen};
pub use told::MinutesBlock;
pub use triage::{Triage, TriageDecision};
