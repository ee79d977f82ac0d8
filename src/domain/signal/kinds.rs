//! The table of all signals: what each is called, what it is about, what to ask, what settles it.

use super::super::bank::Topic;
use super::Level;

/// Defines the ids of signals and the table of their kinds from one list.
macro_rules! signals {
    ($($variant:ident, $code:literal, $topic:expr, $title:literal, $ask:literal, $settles:literal;)+) => {
        /// What the record can show without being asked.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum SignalId {
            $(#[doc = concat!("`", $code, "`: ", $title, ".")] $variant,)+
        }

        /// Every kind of signal in the order of the list.
        pub static KINDS: &[SignalKind] = &[$(SignalKind {
            id: SignalId::$variant,
            code: $code,
            topic: $topic,
            title: $title,
            ask: $ask,
            settles: $settles,
        }),+];
    };
}

/// What is fixed about one signal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignalKind {
    /// The signal.
    pub id: SignalId,
    /// The text that is stored and printed; it never changes its meaning.
    pub code: &'static str,
    /// The topic whose questions it bears on; `None` where it bears on no answer.
    pub topic: Option<Topic>,
    /// The words for it in list and detail.
    pub title: &'static str,
    /// What to ask, them or ourselves; empty where there is nothing to ask.
    pub ask: &'static str,
    /// What takes it away, besides an answer with a kept get after it.
    pub settles: &'static str,
}

signals! {
    Overdue, "overdue", Some(Topic::Timing), "date passed",
        "What happened to the date that we had?", "a new close date";
    Untouched, "untouched", None, "untouched",
        "(to ourselves) Is this one ours at all?", "anything done by anyone";
    Dark, "dark", Some(Topic::Contact), "dark",
        "Is the project alive, has the money gone, or what stopped what we agreed?",
        "an act of theirs";
    DarkAfterWork, "dark-after-work", Some(Topic::Contact), "dark after joint work",
        "Is it alive, has the money gone, or what stopped it? If I hear nothing, I close the file.",
        "an act of theirs";
    TheirWord, "their-word", Some(Topic::Word), "their word",
        "What has changed since you promised it?", "what they promised, kept";
    TrialUngated, "trial-ungated", Some(Topic::Word), "trial without a gate",
        "Can we agree on aims, needs, steps and equipment now, or do we stop?",
        "all four agreed";
    OneSided, "one-sided", Some(Topic::Contact), "one-sided",
        "Is this a priority for anyone on your side?", "more from their side";
    Curt, "curt", Some(Topic::Contact), "curt",
        "Would you rather say no?", "a reply in sentences";
    WontMeet, "won't-meet", Some(Topic::Contact), "will not meet",
        "Which date holds, or is it a no?", "a meeting that was held";
    AfterHours, "after-hours", Some(Topic::Contact), "after hours",
        "Which hour of the working day suits you?", "calls within the day";
    ReQuoted, "re-quoted", Some(Topic::Contact), "re-quoted",
        "What will you do with this one?", "60 days without another copy";
    InfoDrip, "info-drip", Some(Topic::Process), "asks and asks",
        "What does the next answer decide?", "a kept get";
    OneContact, "one-contact", Some(Topic::Power), "one contact",
        "Who else has to say yes?", "a second contact";
    NoPower, "no-power", Some(Topic::Power), "nobody with power",
        "When do we meet whoever signs?", "a meeting with an economic buyer";
    Blocked, "blocked", Some(Topic::Access), "blocked",
        "Why would you rather not have us meet them?", "access given";
    HandedDown, "handed-down", Some(Topic::Access), "handed down",
        "What has changed behind the new people?", "contacts of the earlier level";
    NoProcess, "no-process", Some(Topic::Process), "no process",
        "How was such a purchase made the last time?", "timing, criteria and steps known";
    NoCase, "no-case", Some(Topic::Case), "no case",
        "What happens if you do nothing?", "a case of their own";
    NoOutcome, "no-outcome", Some(Topic::Outcome), "no outcome",
        "Which number moves?", "an outcome with a number";
    NoRiskTalk, "no-risk-talk", Some(Topic::Risk), "no talk of risk",
        "What could fail on your side?", "a risk that they named";
    Commodity, "commodity", Some(Topic::Competition), "a commodity",
        "What besides the price would make you choose?", "a difference that they named";
    ThinMargin, "thin-margin", Some(Topic::Margin), "thin margin",
        "(to ourselves) Do we want it at this price?", "a margin above the floor";
    Bait, "bait", Some(Topic::Money), "bait",
        "Can the later business be part of this contract?", "a clause for it";
    OurWord, "our-word", Some(Topic::Money), "our word",
        "(to ourselves) Who has to keep this promise?", "a yes of whoever keeps it";
    Slipped, "slipped", Some(Topic::Timing), "slipped",
        "What is different this time?", "60 days without another move";
    StaleStage, "stale-stage", Some(Topic::Timing), "old in its stage",
        "What has to happen for this to move on?", "another stage";
    OpenLong, "open-long", Some(Topic::Timing), "open too long",
        "What has to happen for a yes or a no, and by which day?", "their decision, either way";
    NoAccount, "no-account", None, "no company",
        "(to ourselves) Whose deal is this, and whom do I call?", "a company";
    NoNextStep, "no-next-step", Some(Topic::Timing), "no next step",
        "What do we do next, and when?", "a next step";
    Heavy, "heavy", Some(Topic::Money), "heavy",
        "(to ourselves) Are these hours better spent elsewhere?", "fewer hours or more value";
    JuniorAlone, "junior-alone", Some(Topic::Senior), "no senior",
        "(to ourselves) Which senior joins the next one?", "a senior in a meeting";
    Returned, "returned", None, "made contact again", "", "";
    SpeaksFor, "speaks-for", None, "speaks for it", "", "";
}

impl SignalId {
    /// Returns what is fixed about it.
    pub fn kind(self) -> &'static SignalKind {
        // INVARIANT: the table and the ids come from one list, so they share their order.
        &KINDS[self as usize]
    }

    /// Returns the text that is stored and printed.
    pub fn code(self) -> &'static str {
        self.kind().code
    }

    /// Reads a stored text.
    pub fn from_code(code: &str) -> Option<Self> {
        let kind = KINDS.iter().find(|kind| kind.code == code)?;
        Some(kind.id)
    }

    /// Returns the question to put to them; `None` where it is one to ourselves, or none.
    pub fn to_them(self) -> Option<&'static str> {
        let ask = self.kind().ask;
        (!ask.is_empty() && !ask.starts_with('(')).then_some(ask)
    }

    /// Returns the question, to them or to ourselves, as it is said; empty where there is none.
    pub fn to_say(self) -> &'static str {
        let ask = self.kind().ask;
        ask.strip_prefix("(to ourselves) ").unwrap_or(ask)
    }

    /// Returns how much it weighs where a person ticked it: red where it has no amber.
    pub fn level_of_tick(self) -> Level {
        match self {
            Self::Blocked
            | Self::NoPower
            | Self::NoCase
            | Self::NoOutcome
            | Self::NoRiskTalk
            | Self::TrialUngated
            | Self::DarkAfterWork
            | Self::ThinMargin => Level::Red,
            Self::Returned | Self::SpeaksFor => Level::Good,
            Self::Overdue
            | Self::Untouched
            | Self::Dark
            | Self::TheirWord
            | Self::OneSided
            | Self::Curt
            | Self::WontMeet
            | Self::AfterHours
            | Self::ReQuoted
            | Self::InfoDrip
            | Self::OneContact
            | Self::NoAccount
            | Self::HandedDown
            | Self::NoProcess
            | Self::Commodity
            | Self::Bait
            | Self::OurWord
            | Self::Slipped
            | Self::StaleStage
            | Self::OpenLong
            | Self::NoNextStep
            | Self::Heavy
            | Self::JuniorAlone => Level::Amber,
        }
    }

    /// Tells whether two of these make bad money.
    pub fn is_about_money(self) -> bool {
        match self.kind().topic {
            Some(Topic::Margin | Topic::Money) => true,
            Some(_) | None => matches!(self, Self::ReQuoted | Self::Commodity),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_the_order_of_the_ids() {
        for kind in KINDS {
            assert_eq!(kind.id.kind(), kind);
            assert_eq!(SignalId::from_code(kind.code), Some(kind.id));
        }
        assert_eq!(SignalId::from_code("gloomy"), None);
    }

    #[test]
    fn each_signal_against_a_deal_says_what_to_ask_and_what_settles_it() {
        for kind in KINDS {
            let is_good = matches!(kind.id, SignalId::Returned | SignalId::SpeaksFor);
            assert_eq!(kind.ask.is_empty(), is_good, "{}", kind.code);
            assert_eq!(kind.settles.is_empty(), is_good, "{}", kind.code);
        }
    }

    #[test]
    fn money_signals_are_those_of_margin_and_money_and_two_more() {
        let money: Vec<_> = KINDS
            .iter()
            .filter(|kind| kind.id.is_about_money())
            .map(|kind| kind.code)
            .collect();

        assert_eq!(
            money,
            [
                "re-quoted",
                "commodity",
                "thin-margin",
                "bait",
                "our-word",
                "heavy"
            ]
        );
    }
}
