//! What two people said of a deal before they heard each other.
//!
//! An answer that is sealed can be written, counted and revealed, and nothing else: [`Sealed`]
//! cannot be printed or serialised. What was revealed is a [`Pair`].

use std::cmp::Ordering;
use std::fmt;

use chrono::NaiveDate;

use crate::domain::answer::{Answer, Grade, Value};
use crate::domain::bank::{Bank, QuestionIx};
use crate::domain::deal::words;
use crate::domain::eval::{Record, evaluate};
use crate::domain::shown::Free;
use crate::domain::verdict::{Thresholds, Verdict};

/// What a person says of a question, or of the deal as a whole.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Spoken {
    /// An answer to a question.
    Answer(Value, Grade),
    /// What they would do.
    Verdict(Verdict),
}

/// What is answered: a question, or what to do with the deal.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PairOf {
    /// What to do with the deal.
    Verdict,
    /// A question, by its id in the bank in force.
    Question(String),
}

impl PairOf {
    /// The word of the verdict where questions are named; no bank can have a question of that id.
    pub const VERDICT: &'static str = "=verdict";

    /// Returns the text that is kept.
    pub fn code(&self) -> &str {
        match self {
            Self::Verdict => Self::VERDICT,
            Self::Question(id) => id,
        }
    }

    /// Reads the text that is kept.
    pub fn from_code(code: &str) -> Self {
        if code == Self::VERDICT {
            Self::Verdict
        } else {
            Self::Question(code.to_owned())
        }
    }
}

/// One sealed answer on its way into the file. It has no `Debug`, no `Display` and no
/// serialisation, so that no message, panic or log of the program can tell it.
#[derive(Clone, PartialEq)]
pub struct Sealed {
    of: PairOf,
    spoken: Spoken,
    evidence: Option<Free>,
}

impl Sealed {
    /// Takes an answer into custody.
    pub fn new(of: PairOf, spoken: Spoken, evidence: Option<Free>) -> Self {
        Self {
            of,
            spoken,
            evidence,
        }
    }

    /// What is answered; that somebody answered it is no secret.
    pub fn of(&self) -> &PairOf {
        &self.of
    }

    /// Returns what was said. For the store, which writes it, and for a reveal.
    pub fn open_for_reveal(&self) -> (Spoken, Option<&Free>) {
        (self.spoken, self.evidence.as_ref())
    }
}

/// Sealed answers on their way from a sheet to the store. Printed, it tells how many there are.
#[derive(Clone, PartialEq)]
pub struct Envelope(Vec<Sealed>);

impl Envelope {
    /// Closes it.
    pub fn new(answers: Vec<Sealed>) -> Self {
        Self(answers)
    }

    /// The answers, for whoever seals them.
    pub fn answers(&self) -> &[Sealed] {
        &self.0
    }
}

impl fmt::Debug for Envelope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Envelope({})", self.0.len())
    }
}

/// How many answers one person sealed on a deal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealCount {
    /// Who.
    pub person: String,
    /// How many questions, the verdict not counted.
    pub sealed: u16,
    /// How many core questions there are.
    pub of: u16,
    /// Whether what to do with the deal is sealed as well.
    pub verdict: bool,
    /// The day of the last of them.
    pub day: NaiveDate,
    /// Whether they came from another machine, where a commitment was exchanged first, and agree
    /// with it.
    pub checked: Option<bool>,
}

/// What is sealed on a deal and what is revealed: all that a screen may know.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SealState {
    /// Who sealed how many that are not revealed yet.
    pub counts: Vec<SealCount>,
    /// What is revealed, in the order of the reveal.
    pub pairs: Vec<Pair>,
    /// How many rows are still to be revealed; 0 where not both have sealed.
    pub hidden: u16,
}

impl SealState {
    /// How many revealed rows differ and none of the two was chosen yet.
    pub fn unsettled(&self) -> usize {
        self.pairs.iter().filter(|pair| pair.is_unsettled()).count()
    }
}

words! {
    /// Whose answer the deal took where two differed.
    Chosen {
        /// The rep's.
        Rep = "rep",
        /// The manager's.
        Manager = "manager",
        /// Another one, found while talking.
        Other = "other",
    }
}

/// What one person said, revealed.
#[derive(Clone, Debug, PartialEq)]
pub enum Stand {
    /// They did not answer it.
    Nothing,
    /// An answer.
    Answer {
        /// What.
        value: Value,
        /// How well it is known.
        grade: Grade,
        /// What stands behind it.
        evidence: Option<Free>,
    },
    /// What they would do.
    Verdict(Verdict),
}

impl Stand {
    /// Says it in a word or two: `yes, hunch`, `GET TO NO`, `not asked`.
    pub fn words(&self) -> String {
        match self {
            Self::Nothing => super::changed::answer_words(None),
            Self::Answer { value, grade, .. } => {
                super::changed::answer_words(Some((*value, *grade)))
            }
            Self::Verdict(verdict) => verdict.words().to_owned(),
        }
    }

    /// Whether two say the same; the evidence may differ.
    pub fn agrees(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Nothing, Self::Nothing) => true,
            (
                Self::Answer { value, grade, .. },
                Self::Answer {
                    value: v, grade: g, ..
                },
            ) => value == v && grade == g,
            (Self::Verdict(one), Self::Verdict(two)) => one == two,
            (Self::Nothing | Self::Answer { .. } | Self::Verdict(_), _) => false,
        }
    }

    /// Whether two say different things. Silence is no difference: who was not asked, or did not
    /// say it, disputes nothing.
    pub fn differs(&self, other: &Self) -> bool {
        *self != Self::Nothing && *other != Self::Nothing && !self.agrees(other)
    }
}

/// What a difference does to the verdict.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Effect {
    /// The cockpit's verdict with the rep's answer.
    pub rep: Option<Verdict>,
    /// With the manager's.
    pub manager: Option<Verdict>,
    /// How far apart the evidence is, in nats; never negative.
    pub apart: f64,
}

impl Effect {
    /// Whether the verdict is another one by whose answer is right.
    pub fn turns(&self) -> bool {
        self.rep != self.manager
    }

    /// Works out what a deal would be judged with either answer.
    pub fn of(
        record: &Record,
        bank: &Bank,
        thresholds: &Thresholds,
        today: NaiveDate,
        question: QuestionIx,
        (rep, manager): (&Stand, &Stand),
    ) -> Self {
        let with = |stand: &Stand| {
            let mut record = record.clone();
            if record.answers.len() <= question.at() {
                record.answers.resize(question.at() + 1, None);
            }
            record.answers[question.at()] = match stand {
                Stand::Answer { value, grade, .. } => Some(Answer::new(*value, *grade, today)),
                Stand::Nothing | Stand::Verdict(_) => None,
            };
            evaluate(&record, bank, thresholds, today)
        };
        let (one, two) = (with(rep), with(manager));
        Self {
            rep: one.verdict,
            manager: two.verdict,
            apart: (one.evidence - two.evidence).abs(),
        }
    }

    /// Spells it for the store: `fire get_to_no 0.75`.
    pub fn to_text(&self) -> String {
        let word = |verdict: Option<Verdict>| verdict.map_or("-", Verdict::code);
        format!("{} {} {}", word(self.rep), word(self.manager), self.apart)
    }

    /// Reads what [`to_text`](Self::to_text) spelled; anything else is no effect.
    pub fn from_text(text: &str) -> Self {
        let mut words = text.split(' ');
        let mut verdict = || words.next().and_then(Verdict::from_code);
        let (rep, manager) = (verdict(), verdict());
        let apart = words.next().and_then(|word| word.parse().ok());
        Self {
            rep,
            manager,
            apart: apart.unwrap_or_default(),
        }
    }

    /// Says it: `GET TO NO or FIRE`, `the verdict stays`, or nothing where it changes nothing.
    pub fn words(&self) -> String {
        match (self.rep, self.manager) {
            (Some(rep), Some(manager)) if rep != manager => {
                format!("{} or {}", rep.words(), manager.words())
            }
            _ if self.apart > 0.0 => "the verdict stays".to_owned(),
            _ => String::new(),
        }
    }
}

/// One row of a reveal: what both said.
#[derive(Clone, Debug, PartialEq)]
pub struct Pair {
    /// What was answered.
    pub of: PairOf,
    /// What the rep had sealed.
    pub rep: Stand,
    /// What the manager had sealed.
    pub manager: Stand,
    /// Whether they differ: both said something, and not the same.
    pub differs: bool,
    /// What that does to the verdict.
    pub effect: Effect,
    /// Whose the deal took, where they differed and it was settled.
    pub chosen: Option<Chosen>,
}

impl Pair {
    /// Whether they differ and none was chosen yet.
    pub fn is_unsettled(&self) -> bool {
        self.differs && self.chosen.is_none()
    }

    /// Whether one of the two said nothing of it, so that what the other one said stands.
    pub fn is_one_sided(&self) -> bool {
        (self.rep == Stand::Nothing) != (self.manager == Stand::Nothing)
    }
}

/// Orders the rows of a reveal: what to do with the deal; then the differences, first those that
/// turn the verdict, by how far apart they are; then what both say, in the order of the bank.
pub fn in_order(pairs: &mut [Pair], bank: &Bank) {
    let place = |pair: &Pair| match &pair.of {
        PairOf::Verdict => None,
        PairOf::Question(id) => Some(bank.find(id).map_or(usize::MAX, QuestionIx::at)),
    };
    pairs.sort_by(|a, b| {
        let verdict = |pair: &Pair| pair.of == PairOf::Verdict && pair.differs;
        verdict(b)
            .cmp(&verdict(a))
            .then(b.differs.cmp(&a.differs))
            .then((b.differs && b.effect.turns()).cmp(&(a.differs && a.effect.turns())))
            .then(if a.differs && b.differs {
                b.effect.apart.total_cmp(&a.effect.apart)
            } else {
                Ordering::Equal
            })
            .then(place(a).cmp(&place(b)))
    });
}
