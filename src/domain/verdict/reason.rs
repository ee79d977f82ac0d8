//! Why a verdict is what it is, in words for people and in stable words for machines.

use super::super::bank::{Bank, Must, QuestionIx, Section};
use super::super::signal::SignalId;

/// One reason for a verdict.
#[derive(Clone, Debug, PartialEq)]
pub enum Reason {
    /// The record alone says that it is over.
    DeadOnPaper,
    /// A knock-out was asked and answered no.
    KnockOut(QuestionIx),
    /// At least two hard questions were asked and answered no.
    HardNoes(Vec<QuestionIx>),
    /// A tripwire passed and none of its keys was pressed.
    TripwirePassed,
    /// The hard question of a red signal was put, and its date passed without a reply.
    HardQuestionUnanswered,
    /// The evidence, in nats, is low enough to fire.
    Evidence(f64),
    /// It would be dead on paper, but the record is too old to tell.
    ImportFirst,
    /// A must is not yet a yes at *said* or better.
    Earn(QuestionIx),
    /// Noes that are only a hunch.
    AskNoes(Vec<QuestionIx>),
    /// What is earned, in nats, is below the bound of CONTINUE.
    Points(f64),
    /// The coverage, 0 to 100, is below the bound of CONTINUE.
    Coverage(f64),
    /// A red signal is not settled.
    Red(SignalId),
    /// The money is bad: reprice or fire.
    BadMoney,
}

impl Reason {
    /// Spells it for machines and for the store; the words never change their meaning.
    pub fn to_text(&self, bank: &Bank) -> String {
        let mut text = String::new();
        self.spell(bank, &mut text);
        text
    }

    /// Adds to a text what [`to_text`](Self::to_text) returns.
    pub fn spell(&self, bank: &Bank, text: &mut String) {
        let id = |ix: &QuestionIx| bank[*ix].id.as_str();
        let mut one = |words: &str, ix: &QuestionIx| text.extend([words, id(ix)]);
        match self {
            Self::KnockOut(ix) => one("knock-out ", ix),
            Self::Earn(ix) => one("earn ", ix),
            Self::HardNoes(list) => {
                text.push_str("two hard noes ");
                join(text, list.iter().map(id), "+");
            }
            Self::AskNoes(list) => {
                text.push_str("ask ");
                join(text, list.iter().map(id), ",");
            }
            Self::DeadOnPaper => text.push_str("dead on paper"),
            Self::TripwirePassed => text.push_str("tripwire passed"),
            Self::HardQuestionUnanswered => {
                text.push_str("hard question unanswered by its date");
            }
            Self::Evidence(nats) => text.extend(["evidence ", &signed(*nats)]),
            Self::ImportFirst => text.push_str("import first"),
            Self::Points(nats) => text.extend(["points ", &signed(*nats)]),
            Self::Coverage(percent) => text.extend(["coverage ", &format!("{percent:.1}")]),
            Self::Red(signal) => text.extend(["red ", signal.code()]),
            Self::BadMoney => text.push_str("bad money"),
        }
    }

    /// Reads what [`to_text`](Self::to_text) spelled; `None` for anything else, and for a
    /// question that is not in this bank.
    pub fn from_text(text: &str, bank: &Bank) -> Option<Self> {
        let find = |id: &str| bank.find(id);
        let all = |list: &str, by: char| list.split(by).map(find).collect::<Option<Vec<_>>>();
        let fixed = [
            Self::DeadOnPaper,
            Self::TripwirePassed,
            Self::HardQuestionUnanswered,
            Self::ImportFirst,
            Self::BadMoney,
        ];
        if let Some(reason) = fixed
            .into_iter()
            .find(|reason| reason.to_text(bank) == text)
        {
            return Some(reason);
        }
        if let Some(list) = text.strip_prefix("two hard noes ") {
            return all(list, '+').map(Self::HardNoes);
        }
        let (word, rest) = text.split_once(' ')?;
        match word {
            "knock-out" => find(rest).map(Self::KnockOut),
            "earn" => find(rest).map(Self::Earn),
            "ask" => all(rest, ',').map(Self::AskNoes),
            "red" => SignalId::from_code(rest).map(Self::Red),
            "evidence" => rest.parse().ok().map(Self::Evidence),
            "points" => rest.parse().ok().map(Self::Points),
            "coverage" => rest.parse().ok().map(Self::Coverage),
            _ => None,
        }
    }

    /// Says it for people, in a few words.
    pub fn words(&self, bank: &Bank) -> String {
        let short = |ix: &QuestionIx| bank[*ix].short.as_str();
        let shorts = |list: &[QuestionIx]| list.iter().map(short).collect::<Vec<_>>().join(", ");
        match self {
            Self::DeadOnPaper => {
                "dead on paper: silent, past its date or without a step".to_owned()
            }
            Self::KnockOut(ix) => {
                let question = &bank[*ix];
                match (question.must, question.section) {
                    (Some(Must::Signer), _) => format!("asked for the {}: no", question.short),
                    (_, Section::TheyFitUs | Section::WeFitThem) => {
                        format!("asked about {}: no", question.short)
                    }
                    (_, Section::Money | Section::Conduct) => format!("{}: no", question.short),
                }
            }
            Self::HardNoes(list) => format!("asked, and no to {}", shorts(list)),
            Self::TripwirePassed => "its tripwire passed".to_owned(),
            Self::HardQuestionUnanswered => "the hard question got no reply by its date".to_owned(),
            Self::Evidence(nats) => format!("the evidence is against it: {}", signed(*nats)),
            Self::ImportFirst => "silent for long, but import first: the record is old".to_owned(),
            Self::Earn(ix) => format!("{} is not earned yet", short(ix)),
            Self::AskNoes(list) => format!("a no, but only a hunch: {}", shorts(list)),
            Self::Points(nats) => format!("too little earned: {}", signed(*nats)),
            Self::Coverage(percent) => format!("too little known: {percent:.0} of 100"),
            Self::Red(signal) => format!("{}, not settled", signal.kind().title),
            Self::BadMoney => "bad money: reprice or fire".to_owned(),
        }
    }
}

fn join<'a>(text: &mut String, ids: impl Iterator<Item = &'a str>, by: &str) {
    for (at, id) in ids.enumerate() {
        text.push_str(if at > 0 { by } else { "" });
        text.push_str(id);
    }
}

/// Spells nats with their sign and one decimal, and never as -0.0.
fn signed(nats: f64) -> String {
    let tenths = (nats * 10.0).round() / 10.0 + 0.0;
    format!("{tenths:+.1}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_is_read_back_from_its_text() {
        let bank = Bank::default_bank();
        let ix = |id: &str| bank.find(id).unwrap();
        let cases = [
            (Reason::DeadOnPaper, "dead on paper"),
            (Reason::KnockOut(ix("PWR1")), "knock-out PWR1"),
            (
                Reason::HardNoes(vec![ix("BIZ2"), ix("PRO1")]),
                "two hard noes BIZ2+PRO1",
            ),
            (Reason::TripwirePassed, "tripwire passed"),
            (
                Reason::HardQuestionUnanswered,
                "hard question unanswered by its date",
            ),
            (Reason::Evidence(-1.5), "evidence -1.5"),
            (Reason::ImportFirst, "import first"),
            (Reason::Earn(ix("PRB1")), "earn PRB1"),
            (
                Reason::AskNoes(vec![ix("BIZ1"), ix("PWR1")]),
                "ask BIZ1,PWR1",
            ),
            (Reason::Points(0.0), "points +0.0"),
            (Reason::Coverage(5.3), "coverage 5.3"),
            (Reason::Red(SignalId::Dark), "red dark"),
            (Reason::BadMoney, "bad money"),
        ];

        for (reason, text) in cases {
            assert_eq!(reason.to_text(&bank), text);
            assert_eq!(Reason::from_text(text, &bank), Some(reason));
        }
        for other in [
            "",
            "earn",
            "earn NOPE",
            "knock-out",
            "ask BIZ1,NOPE",
            "red gloomy",
            "x y",
        ] {
            assert_eq!(Reason::from_text(other, &bank), None, "{other}");
        }
    }

    #[test]
    fn a_reason_is_said_in_a_few_words() {
        let bank = Bank::default_bank();
        let ix = |id: &str| bank.find(id).unwrap();

        let signer = Reason::KnockOut(ix("PWR1")).words(&bank);
        let race = Reason::KnockOut(ix("WIN1")).words(&bank);
        let margin = Reason::KnockOut(ix("MON1")).words(&bank);

        assert_eq!(signer, "asked for the signer: no");
        assert_eq!(race, "asked about their race: no");
        assert_eq!(margin, "margin: no");
        assert_eq!(
            Reason::Points(-0.04).words(&bank),
            "too little earned: +0.0"
        );
    }
}
