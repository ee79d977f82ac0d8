//! What changed on a deal since a day. Nothing changed is an answer too, side by side.

use chrono::NaiveDate;

use crate::domain::answer::{Grade, Value};
use crate::domain::bank::Bank;
use crate::domain::deal::{CommitmentState, DecisionKind, Side};
use crate::domain::ids::DealId;
use crate::domain::locale::Locale;
use crate::domain::money::Money;
use crate::domain::shown::{Free, Label, Mask, Name};
use crate::domain::signal::Signal;

/// A side or a matter under which changes are told. Each is told, also where nothing changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// What they did: touches, commitments kept and missed, replies.
    They,
    /// What we did, and what it took.
    We,
    /// Every move of the close date.
    Date,
    /// What was found out.
    Answers,
    /// Whom we met, and how high up.
    Contacts,
    /// What the record shows now and did not, or no longer.
    Signals,
    /// Moves of stage and amount, and decisions.
    Deal,
}

impl Part {
    /// Every part in the order in which it is told.
    pub const ALL: [Self; 7] = [
        Self::They,
        Self::We,
        Self::Date,
        Self::Answers,
        Self::Contacts,
        Self::Signals,
        Self::Deal,
    ];

    /// Returns the word of its line, which JSON prints as well.
    pub fn code(self) -> &'static str {
        match self {
            Self::They => "they",
            Self::We => "we",
            Self::Date => "date",
            Self::Answers => "answers",
            Self::Contacts => "contacts",
            Self::Signals => "signals",
            Self::Deal => "deal",
        }
    }
}

/// One thing that changed.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// They were in touch, or we were, by one channel.
    Touches {
        /// Whether it came from them.
        inbound: bool,
        /// By what: `email`, `call`, `meeting`, ….
        channel: String,
        /// How often.
        count: u32,
    },
    /// One document was sent again.
    SentAgain {
        /// The document.
        document: Free,
        /// Which time it was.
        times: u32,
    },
    /// Minutes that went into it.
    Minutes(i64),
    /// Somebody promised something.
    Promised {
        /// Who owes it.
        side: Side,
        /// What.
        what: Free,
        /// By when.
        due: Option<NaiveDate>,
    },
    /// A promise ended, or its day passed while it is open.
    Settled {
        /// Who owes it.
        side: Side,
        /// What.
        what: Free,
        /// How it ended; open means that its day passed.
        state: CommitmentState,
    },
    /// An ask of ours was answered.
    Replied {
        /// The question's id.
        question: String,
        /// Their words.
        reply: Option<Free>,
    },
    /// An ask of ours was due and nothing came back.
    NoReply {
        /// The question's id.
        question: String,
        /// The day by which they were to answer.
        due: NaiveDate,
    },
    /// The close date moved.
    CloseMoved {
        /// The day on which that was known.
        on: NaiveDate,
        /// The date before.
        from: Option<NaiveDate>,
        /// The date after.
        to: Option<NaiveDate>,
        /// Which move of the deal it is, from 1.
        nth: u32,
    },
    /// The stage moved.
    StageMoved {
        /// The stage before.
        from: Option<String>,
        /// The stage after.
        to: Option<String>,
    },
    /// The amount moved.
    AmountMoved {
        /// The amount before.
        from: Option<Money>,
        /// The amount after.
        to: Option<Money>,
    },
    /// A question was answered otherwise, or at all.
    Answered {
        /// The question's id.
        question: String,
        /// The answer before; `None`: not asked.
        from: Option<(Value, Grade)>,
        /// The answer now; `None`: back to not asked.
        to: Option<(Value, Grade)>,
        /// By whom.
        who: Option<String>,
    },
    /// We met somebody.
    Met {
        /// The contact's number.
        contact: i64,
        /// Whom.
        name: Name,
        /// Above whom we had met before (more than 0), below (less), as high (0); `None` where a
        /// level is not known.
        step: Option<i8>,
    },
    /// A signal came on, or became worse.
    SignalOn(Signal),
    /// A signal went off, or was settled.
    SignalOff(Signal),
    /// It was decided.
    Decided {
        /// What.
        kind: DecisionKind,
        /// By whom.
        who: String,
    },
}

impl Change {
    /// The side or matter under which it is told.
    pub fn part(&self) -> Part {
        match self {
            Self::Touches { inbound: true, .. } | Self::Replied { .. } | Self::NoReply { .. } => {
                Part::They
            }
            Self::Promised { side, .. } | Self::Settled { side, .. } => match side {
                Side::They => Part::They,
                Side::We => Part::We,
            },
            Self::Touches { inbound: false, .. } | Self::SentAgain { .. } | Self::Minutes(_) => {
                Part::We
            }
            Self::CloseMoved { .. } => Part::Date,
            Self::Answered { .. } => Part::Answers,
            Self::Met { .. } => Part::Contacts,
            Self::SignalOn(_) | Self::SignalOff(_) => Part::Signals,
            Self::StageMoved { .. } | Self::AmountMoved { .. } | Self::Decided { .. } => Part::Deal,
        }
    }

    /// Says it in words under a mask: `2 calls`, `12 Dec moved to 29 Jan, the second move`.
    pub fn words(&self, deal: DealId, told: &Telling<'_>) -> String {
        let (mask, locale, today) = (told.mask, told.locale, told.today);
        let free = |text: &Free| mask.free(text, Some(deal)).into_owned();
        let day = |day: NaiveDate| locale.date(day, today);
        let or_none = |at: Option<NaiveDate>| at.map_or("no date".to_owned(), day);
        let short = |id: &str| {
            let found = told.bank.find(id);
            found.map_or(id.to_owned(), |ix| {
                told.bank.questions()[ix.at()].short.clone()
            })
        };
        match self {
            Self::Touches { channel, count, .. } => {
                format!("{count} {}", plural(channel, *count))
            }
            Self::SentAgain { document, times } => {
                format!("{} {}", free(document), time(*times))
            }
            Self::Minutes(minutes) => format!("{} h", locale.hours(*minutes as f64 / 60.0)),
            Self::Promised { what, due, .. } => match due {
                Some(due) => format!("promised {} by {}", free(what), day(*due)),
                None => format!("promised {}", free(what)),
            },
            Self::Settled { what, state, .. } => {
                let end = match state {
                    CommitmentState::Open => "late",
                    CommitmentState::Kept => "kept",
                    CommitmentState::Late => "kept late",
                    CommitmentState::Missed => "missed",
                    CommitmentState::Waived => "waived",
                };
                format!("{} {end}", free(what))
            }
            Self::Replied { question, reply } => match reply {
                Some(reply) => format!("{}: “{}”", short(question), free(reply)),
                None => format!("{}: answered", short(question)),
            },
            Self::NoReply { question, due } => {
                format!("{}: no reply by {}", short(question), day(*due))
            }
            Self::CloseMoved { from, to, nth, .. } => format!(
                "{} moved to {}, the {} move",
                or_none(*from),
                or_none(*to),
                ordinal(*nth)
            ),
            Self::StageMoved { from, to } => format!(
                "stage {} to {}",
                from.as_deref().unwrap_or("none"),
                to.as_deref().unwrap_or("none")
            ),
            Self::AmountMoved { from, to } => {
                let money = |money: &Option<Money>| {
                    money.map_or("none".to_owned(), |m| mask.money(m, locale).into_owned())
                };
                format!("amount {} to {}", money(from), money(to))
            }
            Self::Answered {
                question, from, to, ..
            } => format!(
                "{} {} (was {})",
                short(question),
                answer_words(*to),
                answer_words(*from)
            ),
            Self::Met {
                contact,
                name,
                step,
            } => {
                let label = Label::Contact {
                    id: *contact,
                    deal: Some(deal),
                };
                let name = mask.name(name, label);
                match step {
                    Some(1..) => format!("met {name}, higher up than before"),
                    Some(..=-1) => format!("met {name}, lower than before"),
                    Some(0) | None => format!("met {name}"),
                }
            }
            Self::SignalOn(signal) => {
                let figures = signal.words(today);
                if figures.is_empty() {
                    format!("{} now", signal.id.kind().title)
                } else {
                    format!("{} now, {figures}", signal.id.kind().title)
                }
            }
            Self::SignalOff(signal) => format!("{} no more", signal.id.kind().title),
            Self::Decided { kind, who } => format!("{} by {who}", kind.code()),
        }
    }
}

/// With what changes are put into words.
#[derive(Clone, Copy, Debug)]
pub struct Telling<'a> {
    /// The question bank in force.
    pub bank: &'a Bank,
    /// What is hidden.
    pub mask: &'a Mask,
    /// How dates and numbers are written.
    pub locale: &'a Locale,
    /// The day it is.
    pub today: NaiveDate,
}

/// What changed on a deal since a day.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Changed {
    /// The first day that counts; `None`: it was never talked about, so all of it is new.
    pub since: Option<NaiveDate>,
    /// What changed, part by part, in each the earliest first.
    pub changes: Vec<Change>,
}

impl Changed {
    /// What changed of one part; empty where nothing did, which is to be said as loudly.
    pub fn of(&self, part: Part) -> impl Iterator<Item = &Change> {
        self.changes
            .iter()
            .filter(move |change| change.part() == part)
    }

    /// Whether nothing changed at all.
    pub fn is_nothing(&self) -> bool {
        self.changes.is_empty()
    }

    /// Says one part in words, `nothing` where nothing changed.
    pub fn words(&self, part: Part, deal: DealId, told: &Telling<'_>) -> String {
        let words: Vec<String> = self.of(part).map(|one| one.words(deal, told)).collect();
        if words.is_empty() {
            "nothing".to_owned()
        } else {
            words.join(", ")
        }
    }
}

/// An answer in a word or two: `yes, hunch`, `no, asked`, `not asked`.
pub fn answer_words(answer: Option<(Value, Grade)>) -> String {
    let Some((value, grade)) = answer else {
        return "not asked".to_owned();
    };
    match value {
        Value::Unknown => "nobody knows".to_owned(),
        Value::Partly => "partly".to_owned(),
        Value::NotApplicable => "does not apply".to_owned(),
        Value::Yes => format!("yes, {}", grade.code()),
        Value::No if grade == Grade::Said => "no, asked".to_owned(),
        Value::No => format!("no, {}", grade.code()),
    }
}

fn plural(channel: &str, count: u32) -> String {
    if count == 1 {
        channel.to_owned()
    } else {
        format!("{channel}s")
    }
}

/// `the third time`.
fn time(times: u32) -> String {
    format!("the {} time", ordinal(times))
}

/// `second`, `third`, `11th`.
fn ordinal(n: u32) -> String {
    let word = match n {
        1 => "first",
        2 => "second",
        3 => "third",
        4 => "fourth",
        5 => "fifth",
        6 => "sixth",
        _ => "",
    };
    if !word.is_empty() {
        return word.to_owned();
    }
    let end = match (n % 10, n % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{n}{end}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::shown::Level;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn nothing_is_said_as_loudly() {
        let told = Telling {
            bank: Bank::shared_default(),
            mask: &Mask::off(),
            locale: &Locale::default(),
            today: day("2026-11-23"),
        };

        for part in Part::ALL {
            assert_eq!(Changed::default().words(part, DealId(1), &told), "nothing");
        }
    }

    #[test]
    fn each_change_stands_in_its_part_and_obeys_the_mask() {
        let changed = Changed {
            since: Some(day("2026-11-09")),
            changes: vec![
                Change::Touches {
                    inbound: false,
                    channel: "call".into(),
                    count: 2,
                },
                Change::SentAgain {
                    document: "quote 48k".into(),
                    times: 3,
                },
                Change::CloseMoved {
                    on: day("2026-11-12"),
                    from: Some(day("2026-12-12")),
                    to: Some(day("2027-01-29")),
                    nth: 2,
                },
            ],
        };
        let bank = Bank::shared_default();
        let locale = Locale::default();
        let say = |mask: &Mask, part| {
            let told = Telling {
                bank,
                mask,
                locale: &locale,
                today: day("2026-11-23"),
            };
            changed.words(part, DealId(1), &told)
        };

        let open = say(&Mask::off(), Part::We);
        let hidden = say(&Mask::new(Level::Names, 3), Part::We);

        assert_eq!(open, "2 calls, quote 48k the third time");
        assert_eq!(hidden, "2 calls, ••••• the third time");
        assert!(say(&Mask::off(), Part::Date).ends_with("the second move"));
        assert_eq!(say(&Mask::off(), Part::They), "nothing");
    }

    #[test]
    fn places_are_counted_in_words_and_then_in_figures() {
        let said: Vec<String> = [1, 2, 6, 7, 11, 21, 22, 112].map(ordinal).into();

        assert_eq!(
            said,
            [
                "first", "second", "sixth", "7th", "11th", "21st", "22nd", "112th"
            ]
        );
    }
}
