//! `seal` and `charter`: what two people say unseen, and what may be fired without asking.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;

use super::answer::known;
use super::error::CliError;
use super::fields::{self, Pair, unknown};
use super::list::amount;
use super::session::Session;
use crate::domain::act::{Act, CharterSheet};
use crate::domain::answer::{Answer, AnswerKey};
use crate::domain::ids::DealId;
use crate::domain::money::Money;
use crate::domain::phase::Phase;
use crate::domain::review::{Charter, CharterReply, Envelope, PairOf, Sealed, Spoken};
use crate::domain::shown::{Free, Label, Mask};
use crate::domain::verdict::Verdict;
use crate::export::deals::SCHEMA;
use crate::export::file;
use crate::store::{Access, Store};

/// The longest file of seals that is read, in bytes.
const LONGEST: u64 = 4 << 20;

/// Seals what you say of deals before you hear the other one; without a deal shows what is sealed.
///
/// `seal DEAL...` seals your answers to the core questions and the verdict as they stand. `seal
/// DEAL QUESTION=KEY... [verdict=fire|get_to_no|continue]` seals these, with the keys of `answer`:
/// 0 1 2 3 p n N x, and words after the key in the same quotes: "PWR1=n asked twice". `seal export FILE` writes what the other machine takes with `seal import FILE`:
/// a commitment first, and your answers once theirs was taken.
///
/// A seal keeps the program from showing an answer before both have given theirs. It does not keep
/// the owner of the file from reading it with another program: the file holds it in plain. Between
/// two machines the commitment shows whether somebody changed their answers after reading yours.
#[derive(Args, Debug)]
pub struct SealArgs {
    /// The deals, or export FILE, import FILE.
    #[arg(value_name = "DEAL|QUESTION=KEY|export|import")]
    words: Vec<String>,
    /// Whose answers [default: yours].
    #[arg(long = "for", value_name = "NAME")]
    person: Option<String>,
    /// Writes over the file if there is one.
    #[arg(long)]
    force: bool,
}

/// Shows the charter, what a rep may fire alone, or signs it.
///
/// `charter sign [FIELD=VALUE...]` signs it; other terms need both signatures again. Fields:
/// ceiling ("50000 EUR, 60000 USD"; empty is without a limit), phases (early, middle, proposal,
/// negotiation; empty is all), except (accounts or titles, by commas), text. `charter stands DEAL
/// [WORDS]` and `charter overrule DEAL WHY` answer a firing above the ceiling.
#[derive(Args, Debug)]
pub struct CharterArgs {
    /// sign, stands or overrule, with what belongs to it.
    #[arg(value_name = "VERB")]
    words: Vec<String>,
    /// Hides amounts (1), or names and all free text as well (2).
    #[arg(long, value_name = "LEVEL", value_parser = clap::value_parser!(u8).range(0..=2))]
    mask: Option<u8>,
}

/// Carries out `seal`.
pub fn run(session: &mut Session<'_>, args: &SealArgs) -> Result<(), CliError> {
    let words: Vec<&str> = args.words.iter().map(String::as_str).collect();
    match words.as_slice() {
        [] => show(session),
        ["export", path] => export(session, Path::new(path), args.force),
        ["import", path] => import(session, &PathBuf::from(path)),
        ["export" | "import", ..] => Err(CliError::usage("name one file").hint("seal export FILE")),
        _ => seal(session, args),
    }
}

/// Splits `QUESTION=KEY` from the deals: a question's id begins with a letter and has no blank.
fn answers(words: &[String]) -> (Vec<String>, Vec<(&str, &str)>) {
    let mut deals = Vec::new();
    let mut answers = Vec::new();
    for word in words {
        match word.split_once('=') {
            Some((question, key)) if !question.is_empty() && !question.contains(' ') => {
                answers.push((question, key));
            }
            Some(_) | None => deals.push(word.clone()),
        }
    }
    (deals, answers)
}

/// Reads what is sealed: a question with a key, or the verdict.
fn sealed(store: &Store, session: &Session<'_>, word: (&str, &str)) -> Result<Sealed, CliError> {
    let (question, key) = word;
    if question == "verdict" {
        let verdict = Verdict::from_code(key).ok_or_else(|| {
            CliError::usage(format!("`{key}` is no verdict"))
                .hint("say fire, get_to_no or continue")
        })?;
        return Ok(Sealed::new(PairOf::Verdict, Spoken::Verdict(verdict), None));
    }
    known(store, question)?;
    let bank = store.judge().bank();
    let ix = bank.find(question).expect("it was found a line before");
    let (key, words) = key.split_once(' ').unwrap_or((key, ""));
    let words = words.trim();
    let parsed = AnswerKey::parse(key)
        .filter(|key| !matches!(key, AnswerKey::StillSo | AnswerKey::Clear))
        .ok_or_else(|| {
            CliError::usage(format!("`{key}` is no key that answers"))
                .hint("0 1 2 3 p n N x, as in `answer`")
        })?;
    let today = session.around.today();
    let answer: Option<Answer> = parsed
        .apply(None, bank[ix].must.is_some(), today)
        .map_err(|error| CliError::usage(error.to_string()))?;
    let answer = answer.expect("only clear takes an answer away");
    let of = PairOf::Question(bank[ix].id.clone());
    let spoken = Spoken::Answer(answer.value, answer.grade);
    let evidence = (!words.is_empty()).then(|| Free::new(words));
    Ok(Sealed::new(of, spoken, evidence))
}

fn seal(session: &mut Session<'_>, args: &SealArgs) -> Result<(), CliError> {
    let (deals, answers) = answers(&args.words);
    let mut store = session.open(Access::Write)?;
    let deals = Session::deals(&store, &deals)?;
    let act = if answers.is_empty() {
        if args.person.is_some() {
            return Err(CliError::usage("what do they say?").hint("seal DEAL PWR1=n --for NAME"));
        }
        Act::SealStanding { deals }
    } else {
        let [deal] = deals.as_slice() else {
            return Err(CliError::usage("answers are sealed deal by deal")
                .hint("name one deal: seal DEAL PWR1=n"));
        };
        let mut sealed_ones = Vec::new();
        for word in answers {
            sealed_ones.push(sealed(&store, session, word)?);
        }
        Act::Seal {
            deal: *deal,
            person: args.person.clone(),
            answers: Envelope::new(sealed_ones),
        }
    };
    let done = store.act(&session.stamp(), &act)?;
    session.done(&store, &done)
}

fn show(session: &mut Session<'_>) -> Result<(), CliError> {
    let store = session.open(Access::Write)?;
    let who = session.who();
    let mask = session.mask(None);
    let mut rows = Vec::new();
    let deals: Vec<DealId> = store.sealed_deals()?;
    for deal in deals {
        let state = store.sealed(deal, &who)?;
        let name = store.name(deal)?.unwrap_or_default();
        let name = mask.name(&name, Label::Deal(deal)).into_owned();
        rows.push((deal, name, state));
    }
    if session.global.json {
        let mut array = session.out.array();
        for (deal, name, state) in &rows {
            let counts: Vec<_> = state
                .counts
                .iter()
                .map(|count| {
                    json!({
                        "person": count.person, "sealed": count.sealed, "of": count.of,
                        "verdict": count.verdict, "day": count.day,
                        "checked": count.checked.unwrap_or(false),
                    })
                })
                .collect();
            array.push(&json!({
                "schema": SCHEMA, "deal": deal.0, "name": name, "sealed": counts,
            }))?;
        }
        return Ok(array.end()?);
    }
    if rows.is_empty() {
        session.out.safe("nothing is sealed")?;
    }
    for (deal, name, state) in &rows {
        for count in &state.counts {
            let checked = match count.checked {
                Some(true) => ", agrees with the commitment",
                Some(false) | None => "",
            };
            session.out.safe(&format!(
                "{deal:>4}  {name}: {} sealed {} of {} on {}{checked}",
                count.person, count.sealed, count.of, count.day
            ))?;
        }
    }
    Ok(())
}

fn export(session: &mut Session<'_>, path: &Path, force: bool) -> Result<(), CliError> {
    file::check(path, force)?;
    let mut store = session.open(Access::Write)?;
    let (done, text) = store.write_seals(&session.stamp())?;
    file::write(path, force, |to| -> Result<(), CliError> {
        to.write_all(text.as_bytes())?;
        Ok(())
    })?;
    session.done(&store, &done)
}

fn import(session: &mut Session<'_>, path: &Path) -> Result<(), CliError> {
    let shown = path.display();
    let read = |path: &Path| -> std::io::Result<String> {
        let mut text = String::new();
        std::fs::File::open(path)?
            .take(LONGEST + 1)
            .read_to_string(&mut text)?;
        Ok(text)
    };
    let text = read(path).map_err(|e| {
        CliError::failed(format!("cannot read `{shown}`: {e}")).hint("name the file they sent")
    })?;
    let mut store = session.open(Access::Write)?;
    let done = store.take_seals(&session.stamp(), &text)?;
    session.done(&store, &done)
}

/// Carries out `charter`.
pub fn charter(session: &mut Session<'_>, args: &CharterArgs) -> Result<(), CliError> {
    let Some((verb, rest)) = args.words.split_first() else {
        return show_charter(session, args.mask);
    };
    match verb.as_str() {
        "sign" => sign(session, rest),
        "stands" | "overrule" => {
            let Some((deal, words)) = rest.split_first() else {
                return Err(CliError::usage("no deal was named").hint("charter stands DEAL"));
            };
            let reply = if verb == "stands" {
                CharterReply::Stands
            } else {
                CharterReply::Overruled
            };
            let reason = Some(words.join(" ")).filter(|words| !words.is_empty());
            let mut store = session.open(Access::Write)?;
            let deal = Session::deal(&store, deal)?;
            let act = Act::CharterAnswer {
                deal,
                reply,
                reason,
            };
            let done = store.act(&session.stamp(), &act)?;
            session.done(&store, &done)
        }
        other => Err(CliError::usage(format!("`charter {other}` is nothing"))
            .hint("say sign, stands or overrule")),
    }
}

fn list(value: &str) -> impl Iterator<Item = &str> {
    value
        .split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty())
}

fn sign(session: &mut Session<'_>, words: &[String]) -> Result<(), CliError> {
    let mut terms = CharterSheet::default();
    let pairs = fields::only(words)?;
    let any = !pairs.is_empty();
    for Pair { field, value } in pairs {
        match field {
            "text" => terms.text = Some(value.to_owned()),
            "ceiling" => {
                let read = |part: &str| {
                    Money::parse(part, None)
                        .map_err(|e| CliError::usage(format!("ceiling: `{part}`: {e}")))
                };
                terms.ceilings = Some(list(value).map(read).collect::<Result<_, _>>()?);
            }
            "phases" => {
                let read = |part: &str| {
                    Phase::from_code(part).ok_or_else(|| {
                        CliError::usage(format!("`{part}` is no phase"))
                            .hint("there are: early, middle, proposal, negotiation")
                    })
                };
                terms.phases = Some(list(value).map(read).collect::<Result<_, _>>()?);
            }
            "except" => terms.exceptions = Some(list(value).map(str::to_owned).collect()),
            other => return Err(unknown(other, ["ceiling", "phases", "except", "text"])),
        }
    }
    let mut store = session.open(Access::Write)?;
    let act = Act::CharterSign {
        terms: any.then_some(terms),
    };
    let done = store.act(&session.stamp(), &act)?;
    session.done(&store, &done)
}

fn amounts(charter: &Charter, mask: &Mask) -> Vec<String> {
    let of = charter.ceilings.iter();
    of.map(|one| amount(one.most, mask)).collect()
}

fn show_charter(session: &mut Session<'_>, mask: Option<u8>) -> Result<(), CliError> {
    let store = session.open(Access::Write)?;
    let today = session.around.today();
    let mask = session.mask(mask);
    let holds = store.charter(&session.who())?.is_some();
    let charter = store.charter_draft()?;
    let requests = store.charter_requests(today)?;
    if session.global.json {
        let signed = |charter: &Charter| {
            let of = charter.signed.iter();
            of.map(|(name, day)| json!({"name": name, "day": day}))
                .collect::<Vec<_>>()
        };
        let charter = charter.as_ref().map(|one| {
            json!({
                "text": mask.free(&one.text, None), "ceilings": one.ceilings.iter().map(|c| json!({
                    "minor": (!mask.hides_amounts()).then_some(c.most.minor),
                    "currency": c.most.currency.map(|code| code.as_str().to_owned()),
                })).collect::<Vec<_>>(),
                "phases": one.phases.iter().map(|phase| phase.code()).collect::<Vec<_>>(),
                "except": one.exceptions.iter()
                    .map(|word| mask.free(&word.as_str().into(), None).into_owned())
                    .collect::<Vec<_>>(),
                "signed": signed(one), "holds": holds,
                "line": one.line(&mask, &session.around.locale, today),
            })
        });
        let requests: Vec<_> = requests
            .iter()
            .map(|one| {
                json!({
                    "deal": one.deal.0, "name": mask.name(&one.name, Label::Deal(one.deal)),
                    "fired": one.fired, "who": one.who,
                    "reasons": one.reasons.iter()
                        .map(|r| mask.free(&r.as_str().into(), Some(one.deal)).into_owned())
                        .collect::<Vec<_>>(),
                    "answer_by": one.due, "reply": one.reply.map(CharterReply::code),
                    "reason": one.reason.as_ref().map(|why| mask.free(why, Some(one.deal))),
                    "stands": one.stands(today), "since": one.since,
                })
            })
            .collect();
        session
            .out
            .value(&json!({"schema": SCHEMA, "charter": charter, "requests": requests}))?;
        return Ok(());
    }
    match &charter {
        None => session
            .out
            .safe("there is no charter; `walkaway charter sign` writes one")?,
        Some(charter) => {
            session.out.safe(&mask.free(&charter.text, None))?;
            let most = amounts(charter, &mask);
            let most = if most.is_empty() {
                "no ceiling".to_owned()
            } else {
                format!("up to {}", most.join(", "))
            };
            session.out.safe(&most)?;
            for (name, day) in &charter.signed {
                session.out.safe(&format!("signed {name}, {day}"))?;
            }
            if !holds {
                session
                    .out
                    .safe("a signature is missing: it does not hold yet")?;
            }
        }
    }
    for one in &requests {
        let state = match one.reply {
            Some(reply) => {
                let by = one.replied_by.as_deref().map(|by| format!(" by {by}"));
                let why = one.reason.as_ref();
                let why = why.map(|why| format!(", {}", mask.free(why, Some(one.deal))));
                format!(
                    "{}{}{}",
                    reply.code(),
                    by.unwrap_or_default(),
                    why.unwrap_or_default()
                )
            }
            None if one.is_open(today) => format!("asked for, by {}", one.due),
            None => "stands, not answered in time".to_owned(),
        };
        session.out.safe(&format!(
            "{:>4}  {}  fired {} by {}: {state}; since then: {}",
            one.deal.0,
            mask.name(&one.name, Label::Deal(one.deal)),
            one.fired,
            one.who,
            one.since,
        ))?;
    }
    Ok(())
}
