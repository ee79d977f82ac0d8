//! Question banks: the ordered, versioned sets of discovery questions that deals are walked
//! through.
//!
//! A bank is a TOML file. [`Bank::parse`] reads one and reports every mistake of it with line
//! and column; a [`Bank`] that exists is therefore sound: each must is there once, there is a
//! core, and no two questions share an id. The order of the bank is the order of ties
//! wherever questions compete.

mod check;
mod fields;
mod mistake;
mod parse;

pub use mistake::BankMistake;

use std::ops::Index;
use std::sync::{Arc, LazyLock};

use super::answer::Value;
use super::calibration::{Basis, Learnt, Told};
use super::signal::{KINDS, Signal, SignalId};

/// The place of a question in its bank, from 0.
///
/// Answers are kept by question id; a deal's answers are aligned to the bank in force by this.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct QuestionIx(u16);

impl QuestionIx {
    /// Names the question at a place.
    pub fn new(place: u16) -> Self {
        Self(place)
    }

    /// Returns the place as an index into a slice that is aligned to the bank.
    pub fn at(self) -> usize {
        usize::from(self.0)
    }
}

/// Defines a fieldless enum whose variants have one stable word each.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$vdoc])* $variant,)+ }

        impl $name {
            /// Every variant in its order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Returns the word in bank files; it never changes its meaning.
            pub fn code(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// Reads the word of a bank file.
            pub fn from_code(code: &str) -> Option<Self> {
                match code { $($word => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

words! {
    /// The heading under which a question stands.
    Section {
        /// What they are for us.
        TheyFitUs = "they_fit_us",
        /// What we are for them.
        WeFitThem = "we_fit_them",
        /// Whether it is good money; weighs in fit and coverage, never in evidence.
        Money = "money",
        /// Our own conduct; weighs in fit and coverage, never in evidence.
        Conduct = "conduct",
    }
}

words! {
    /// Whose fit a question tells of. Either side may leave.
    Direction {
        /// Whether they fit us.
        TheyFitUs = "they_fit_us",
        /// Whether we fit them.
        WeFitThem = "we_fit_them",
        /// Both.
        Both = "both",
    }
}

words! {
    /// The three things that CONTINUE needs.
    Must {
        /// They have a problem.
        Problem = "problem",
        /// Who can sign has met us.
        Signer = "signer",
        /// They know when and how they buy.
        Date = "date",
    }
}

words! {
    /// What a no to the question does by itself.
    Knockout {
        /// Nothing.
        None = "none",
        /// It only weighs.
        Soft = "soft",
        /// Two of these, asked, fire.
        Hard = "hard",
        /// One, asked, fires.
        Alone = "alone",
    }
}

words! {
    /// What a question is about. Signals, map and hours read topics and never ids, so they
    /// work with every bank.
    Topic {
        /// The problem that they have.
        Problem = "problem",
        /// What they have chosen or ruled out.
        Solution = "solution",
        /// Who can say yes.
        Power = "power",
        /// Whether we get to them.
        Access = "access",
        /// When they have to decide.
        Timing = "timing",
        /// By what they choose.
        Criteria = "criteria",
        /// The steps to a signature.
        Process = "process",
        /// What it is worth, to them or to us.
        Money = "money",
        /// What could go wrong.
        Risk = "risk",
        /// What must come of it.
        Outcome = "outcome",
        /// The case for doing it.
        Case = "case",
        /// Who else is in the race.
        Competition = "competition",
        /// Whether they keep their word.
        Word = "word",
        /// Whether and how they are in touch.
        Contact = "contact",
        /// Our seniors on it.
        Senior = "senior",
        /// What is left after discounts and extras.
        Margin = "margin",
    }
}

/// One discovery question. Yes is always the answer that speaks for going on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// The id under which answers are kept; a letter, then up to 15 letters, digits, `_`, `-`.
    pub id: String,
    /// The question as it is read.
    pub text: String,
    /// One or two words for it.
    pub short: String,
    /// The heading under which it stands.
    pub section: Section,
    /// Whose fit it tells of; `None` for money and conduct.
    pub direction: Option<Direction>,
    /// How much it weighs, 1 to 3.
    pub weight: u8,
    /// Whether it belongs to the short walk.
    pub core: bool,
    /// The must that it is, if any.
    pub must: Option<Must>,
    /// What a no does by itself.
    pub knockout: Knockout,
    /// The days after which a yes is stale.
    pub shelf_days: u16,
    /// What it is about.
    pub topic: Topic,
    /// What to say to them.
    pub ask: String,
    /// What counts as evidence for a yes; may be empty.
    pub counts_as_evidence: String,
    /// What to say while a red signal of the topic is open; `None`: the same as `ask`.
    pub hard_question: Option<String>,
    /// What deals that are over told of it; `None` before a calibration.
    pub told: Option<Told>,
}

impl Question {
    /// The shelf life of a yes where the bank names none, in days (scoring model).
    pub const SHELF_DAYS: u16 = 60;

    /// Tells whether its points count as evidence: it is about the prospect or the race.
    pub fn is_evidence(&self) -> bool {
        match self.section {
            Section::TheyFitUs | Section::WeFitThem => true,
            Section::Money | Section::Conduct => false,
        }
    }

    /// Returns the points, in nats, that a yes as shown gains and a no that was asked loses.
    pub fn stake(&self) -> f64 {
        f64::from(self.weight) / 2.0
    }

    /// Returns the most points that an answer can bring, in nats.
    pub fn most(&self) -> f64 {
        match &self.told {
            None => self.stake(),
            Some(told) => self.ends(told).fold(f64::NEG_INFINITY, f64::max),
        }
    }

    /// Returns the least points that an answer can bring, in nats.
    pub fn least(&self) -> f64 {
        match &self.told {
            None => -self.stake(),
            Some(told) => self.ends(told).fold(f64::INFINITY, f64::min),
        }
    }

    /// The points of no, partly and yes: the learnt ones, or where none are those of the weight.
    fn ends(&self, told: &Told) -> impl Iterator<Item = f64> {
        let plain = [
            (Value::No, -self.stake()),
            (Value::Partly, 0.0),
            (Value::Yes, self.stake()),
        ];
        plain
            .map(|(value, points)| told.points(value).unwrap_or(points))
            .into_iter()
    }

    /// Returns what to say to them, by the red signals of its topic that are open.
    ///
    /// A deal that is merely open for long never had a date that moved or passed, so nothing is
    /// said of one.
    pub fn words_to_say(&self, signals: &[Signal]) -> &str {
        let red = signals.iter().filter(|s| s.red_topic() == Some(self.topic));
        let red: Vec<SignalId> = red.map(|signal| signal.id).collect();
        match (red.as_slice(), &self.hard_question) {
            ([SignalId::OpenLong], Some(_)) => SignalId::OpenLong.to_say(),
            ([_, ..], Some(hard)) => hard,
            (_, _) => &self.ask,
        }
    }
}

/// A sound bank of questions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bank {
    id: String,
    name: String,
    version: u32,
    questions: Vec<Question>,
    musts: [QuestionIx; 3],
    basis: Option<Basis>,
}

/// The bank of the method itself.
const DEFAULT_BANK: &str = include_str!("../../../assets/questions/walkaway.toml");

impl Bank {
    /// Reads a bank from TOML, or returns every mistake in it, in the order of the file.
    ///
    /// Never panics, whatever the text.
    pub fn parse(text: &str) -> Result<Self, Vec<BankMistake>> {
        parse::parse(text)
    }

    /// The banks that the program brings along, the default one first: their ids, their names, so
    /// that no bank is read for its name alone, and their texts.
    pub const BROUGHT: [(&str, &str, &str); 5] = [
        ("walkaway", "walkaway, our own method", DEFAULT_BANK),
        (
            "meddpicc",
            "MEDDPICC",
            include_str!("../../../assets/questions/meddpicc.toml"),
        ),
        (
            "bant",
            "BANT",
            include_str!("../../../assets/questions/bant.toml"),
        ),
        (
            "spiced",
            "SPICED",
            include_str!("../../../assets/questions/spiced.toml"),
        ),
        (
            "gonogo",
            "go or no-go",
            include_str!("../../../assets/questions/gonogo.toml"),
        ),
    ];

    /// Returns a bank that the program brings along; `None` where it has none of that id.
    pub fn brought(id: &str) -> Option<Self> {
        let (_, _, text) = Self::BROUGHT.iter().find(|(other, ..)| *other == id)?;
        Some(Self::parse(text).expect("a test parses the banks that the program brings along"))
    }

    /// Returns the bank of the method itself.
    pub fn default_bank() -> Self {
        Self::parse(DEFAULT_BANK).expect("a test parses the bank that the program brings along")
    }

    /// Returns the same bank, read once for the whole program, by whoever asks first.
    pub fn shared_default() -> &'static Arc<Self> {
        static BANK: LazyLock<Arc<Bank>> = LazyLock::new(|| Arc::new(Bank::default_bank()));
        &BANK
    }

    /// Returns the text of the bank that the program brings along, to start one's own from.
    pub fn default_text() -> &'static str {
        DEFAULT_BANK
    }

    /// Joins what a file without mistakes holds.
    ///
    /// INVARIANT: `musts` are the places of the three musts, in the order of [`Must::ALL`].
    fn assemble(
        id: String,
        name: String,
        version: u32,
        questions: Vec<Question>,
        musts: [QuestionIx; 3],
    ) -> Self {
        Self {
            id,
            name,
            version,
            questions,
            musts,
            basis: None,
        }
    }

    /// Returns the bank with what was learnt of it in the place of its weights; of questions that
    /// it does not have nothing is taken.
    #[must_use]
    pub fn with_learnt(&self, learnt: &Learnt) -> Self {
        let mut bank = self.clone();
        for question in &mut bank.questions {
            let of = learnt.questions.iter().find(|q| q.id == question.id);
            question.told = of.map(|of| Told::new(of.counts, learnt.shrink));
        }
        bank.basis = Some(Basis {
            deals: learnt.deals,
            won: learnt.won,
            stop_at: learnt.stop_at,
        });
        bank
    }

    /// Returns the bank with its own weights, as its file has them.
    #[must_use]
    pub fn without_learnt(&self) -> Self {
        let mut bank = self.clone();
        for question in &mut bank.questions {
            question.told = None;
        }
        bank.basis = None;
        bank
    }

    /// Returns the deals behind what it learnt; `None` before a calibration.
    pub fn basis(&self) -> Option<Basis> {
        self.basis
    }

    /// Returns the id under which answers to this bank are kept.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Returns the name for people.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the version, from 1; answers survive a new one.
    pub fn version(&self) -> u32 {
        self.version
    }

    /// Returns the questions in the order of the bank; 1 to 200 of them.
    pub fn questions(&self) -> &[Question] {
        &self.questions
    }

    /// Iterates over the questions with their places.
    pub fn iter(&self) -> impl Iterator<Item = (QuestionIx, &Question)> {
        let places = (0..).map(QuestionIx);
        places.zip(&self.questions)
    }

    /// Finds a question by its id; small and capital letters are the same.
    pub fn find(&self, id: &str) -> Option<QuestionIx> {
        let is_it = |question: &Question| question.id.eq_ignore_ascii_case(id);
        let place = self.questions.iter().position(is_it)?;
        Some(QuestionIx(place as u16))
    }

    /// Says whether a text is a question of this bank, or the one that a signal asks: such a text
    /// tells nothing of any deal.
    pub fn asks(&self, text: &str) -> bool {
        let mut own = self.questions.iter();
        own.any(|question| question.ask == text || question.hard_question.as_deref() == Some(text))
            || KINDS.iter().any(|kind| kind.id.to_say() == text)
    }

    /// Returns the place of a must.
    pub fn must(&self, must: Must) -> QuestionIx {
        match must {
            Must::Problem => self.musts[0],
            Must::Signer => self.musts[1],
            Must::Date => self.musts[2],
        }
    }

    /// Returns the first core question of a topic.
    pub fn core_of(&self, topic: Topic) -> Option<QuestionIx> {
        let mut of_topic = self.iter().filter(|(_, q)| q.core && q.topic == topic);
        of_topic.next().map(|(ix, _)| ix)
    }

    /// Returns the first core question of a topic, else its first one.
    pub fn first_of(&self, topic: Topic) -> Option<QuestionIx> {
        let first = || self.iter().find(|(_, q)| q.topic == topic);
        self.core_of(topic).or_else(|| first().map(|(ix, _)| ix))
    }
}

impl Index<QuestionIx> for Bank {
    type Output = Question;

    fn index(&self, ix: QuestionIx) -> &Question {
        &self.questions[ix.at()]
    }
}

#[cfg(test)]
mod tests;
