//! `commitment`, `concession`, `bait`, `gate` and `access`: what each side owes the other.

use clap::Args;

use super::error::CliError;
use super::session::Session;
use super::touch::{known, misread, number};
use crate::domain::act::{Act, ConcessionSheet, Settlement};
use crate::domain::deal::{AccessAnswer, CommitmentState, ConcessionKind, GateFlag};
use crate::domain::line;
use crate::domain::money::Money;
use crate::domain::when::Lean;
use crate::store::Access;

/// Writes down what one side promised, by when; or says how a promise ended.
///
/// `commitment DEAL they data sample fri`, `commitment DEAL we quote v3 wed for data sample` (for
/// what of theirs it is traded); `commitment ID kept|late|missed|waived [DAY]`, or open to take
/// that back.
#[derive(Args, Debug)]
pub struct CommitmentArgs {
    /// The deal, or the commitment's number where a word says how it ended.
    #[arg(value_name = "DEAL|ID")]
    deal: String,
    /// we or they, what, and the day; or kept, late, missed, waived.
    #[arg(value_name = "we|they WHAT DAY", required = true)]
    words: Vec<String>,
}

/// Writes down a concession of ours.
///
/// Begin with discount, free or promise: 'discount 10% for early payment', 'free 2 days of
/// training', 'promise uptime hard to keep'. The amount may stand at the end, such as 500EUR.
#[derive(Args, Debug)]
pub struct ConcessionArgs {
    /// The deal: its number, `source:id`, or words that find it alone.
    deal: String,
    /// What we gave up.
    what: String,
    /// Its worth.
    amount: Vec<String>,
}

/// Writes down what they dangle, or whether it was kept.
///
/// `bait DEAL 3 more plants next year`; later `bait ID kept` or `bait ID broken`.
#[derive(Args, Debug)]
pub struct BaitArgs {
    /// The deal, or the bait's number where a word says whether it was kept.
    #[arg(value_name = "DEAL|ID")]
    deal: String,
    /// What they dangle; or kept, broken.
    #[arg(required = true)]
    what: Vec<String>,
}

/// Says who on their side answers for one of the four that a trial waits for, or when it begins.
///
/// `gate DEAL objectives|requirements|process|equipment WHO`, with an empty WHO to open it again;
/// `gate DEAL starts DAY`.
#[derive(Args, Debug)]
pub struct GateArgs {
    /// The deal: its number, `source:id`, or words that find it alone.
    deal: String,
    /// objectives, requirements, process, equipment, or starts.
    flag: String,
    /// Who on their side answers for it; for starts the day.
    #[arg(value_name = "WHO")]
    owner: Vec<String>,
}

/// Writes down that we asked to meet somebody senior, and what came of it.
#[derive(Args, Debug)]
pub struct AccessArgs {
    /// The deal: its number, `source:id`, or words that find it alone.
    deal: String,
    /// Whom, then given or refused once that is known.
    #[arg(value_name = "WHO [given|refused]", required = true)]
    whom: Vec<String>,
    /// Says that something was offered for it in return.
    #[arg(long)]
    swap: bool,
}

/// Carries out `commitment`.
pub fn commitment(session: &mut Session<'_>, args: &CommitmentArgs) -> Result<(), CliError> {
    let state = CommitmentState::from_code(&args.words[0]);
    let mut store = session.open(Access::Write)?;
    let act = if let Some(state) = state {
        let day = match args.words[1..].join(" ") {
            none if none.is_empty() => None,
            text => Some(session.day(&text, Lean::Back)?),
        };
        Act::CommitmentSettle {
            commitment: number(&args.deal)?,
            settlement: Settlement { state, day },
        }
    } else {
        let deal = Session::deal(&store, &args.deal)?;
        let text = args.words.join(" ");
        let known = known(session, &store, deal)?;
        let commitment = line::promise(&text, None, &known).map_err(|m| misread(&text, &m))?;
        Act::CommitmentAdd { deal, commitment }
    };
    let done = store.act(&session.stamp(), &act)?;
    session.done(&store, &done)
}

/// Carries out `concession`.
pub fn concession(session: &mut Session<'_>, args: &ConcessionArgs) -> Result<(), CliError> {
    let mut store = session.open(Access::Write)?;
    let deal = Session::deal(&store, &args.deal)?;
    let known = known(session, &store, deal)?;
    let last = args.amount.join(" ");
    let amount = Money::parse(&last, known.currency).ok();
    let mut text = args.what.clone();
    if amount.is_none() && !last.is_empty() {
        text = format!("{text} {last}");
    }
    let mut sheet = match line::concession(&text, &known) {
        Ok(sheet) => sheet,
        // Any words will do here, since the command already says that it is a concession.
        Err(mistake) if mistake.place.start == 0 => ConcessionSheet {
            kind: ConcessionKind::Promise,
            what: text.clone(),
            amount: None,
            percent: None,
            traded_for: None,
            hard_to_keep: false,
        },
        Err(mistake) => return Err(misread(&text, &mistake)),
    };
    sheet.amount = amount.or(sheet.amount);
    let act = Act::ConcessionAdd {
        deal,
        concession: sheet,
    };
    let done = store.act(&session.stamp(), &act)?;
    session.done(&store, &done)
}

/// Carries out `bait`.
pub fn bait(session: &mut Session<'_>, args: &BaitArgs) -> Result<(), CliError> {
    let kept = match args.what.as_slice() {
        [one] if one == "kept" => Some(Some(true)),
        [one] if one == "broken" => Some(Some(false)),
        [one] if one == "open" => Some(None),
        _ => None,
    };
    let mut store = session.open(Access::Write)?;
    let act = if let Some(kept) = kept {
        Act::BaitSettle {
            concession: number(&args.deal)?,
            kept,
        }
    } else {
        let deal = Session::deal(&store, &args.deal)?;
        let known = known(session, &store, deal)?;
        let text = format!("bait {}", args.what.join(" "));
        let concession = line::concession(&text, &known).map_err(|m| misread(&text, &m))?;
        Act::ConcessionAdd { deal, concession }
    };
    let done = store.act(&session.stamp(), &act)?;
    session.done(&store, &done)
}

/// Carries out `gate`.
pub fn gate(session: &mut Session<'_>, args: &GateArgs) -> Result<(), CliError> {
    let who = args.owner.join(" ");
    let flag = GateFlag::from_code(&args.flag);
    if flag.is_none() && args.flag != "starts" {
        return Err(CliError::usage(format!(
            "`{}` is none of the four that a trial waits for",
            args.flag
        ))
        .hint("say objectives, requirements, process, equipment, or starts with a day"));
    }
    if flag.is_some() && args.owner.is_empty() {
        return Err(CliError::usage("somebody on their side answers for it")
            .hint("name them, or give \"\" to open it again"));
    }
    let starts = match flag {
        None if !who.is_empty() => Some(session.day(&who, Lean::Ahead)?),
        None | Some(_) => None,
    };
    let mut store = session.open(Access::Write)?;
    let deal = Session::deal(&store, &args.deal)?;
    let act = match flag {
        Some(flag) => Act::GateSet {
            deal,
            flag,
            owner: Some(who).filter(|who| !who.is_empty()),
        },
        None => Act::GateStarts { deal, starts },
    };
    let done = store.act(&session.stamp(), &act)?;
    session.done(&store, &done)
}

/// Carries out `access`.
pub fn access(session: &mut Session<'_>, args: &AccessArgs) -> Result<(), CliError> {
    let (answer, who) = match args.whom.split_last() {
        Some((last, who)) if !who.is_empty() && AccessAnswer::from_code(last).is_some() => {
            (AccessAnswer::from_code(last), who.join(" "))
        }
        Some(_) | None => (None, args.whom.join(" ")),
    };
    let mut store = session.open(Access::Write)?;
    let deal = Session::deal(&store, &args.deal)?;
    let act = match answer {
        Some(answer) => Act::AccessAnswer {
            deal,
            whom: who,
            answer,
        },
        None => Act::AccessAsk {
            deal,
            whom: who,
            swap: args.swap,
        },
    };
    let done = store.act(&session.stamp(), &act)?;
    session.done(&store, &done)
}
