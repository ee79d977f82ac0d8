//! `message`: what a person may send or say, written from a template. Nothing is sent.

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::{Value as Json, json};

use super::error::CliError;
use super::fields::{Pair, split, unknown};
use super::out::Tone;
use super::session::Session;
use crate::domain::clean::pad_right;
use crate::domain::deal::{DecisionKind, Detail};
use crate::domain::ids::DealId;
use crate::domain::message::{
    About, FAREWELL, Fact, Language, MessageFacts, MessageKind, Way, Work,
};
use crate::domain::shown::{Free, Label, Mask};
use crate::domain::when::Lean;
use crate::export::deals::SCHEMA;
use crate::export::draft::{self, Draft};
use crate::export::file;
use crate::export::notes::{self, FilesAs};
use crate::store::{Access, Store};

/// Writes a message to the people of a deal: a mail, and two sentences to say instead.
///
/// KIND is walk_away, regift, nurture, close_file, permission, opener (before a first meeting), or
/// farewell: the closing note with which the deal was fired. Without a DEAL the kinds are listed.
/// `message farewell` without a DEAL is for all closing notes of this week that have not left yet: one
/// text, or a folder with a file for each (`--to-folder`); each is logged once.
/// A fact that is not on record is marked as a blank; FIELD=VALUE fills it in: first_name, account,
/// deal, me, whom, until, work, promised. The program sends nothing.
#[derive(Args, Debug)]
pub struct MessageArgs {
    /// The deal, the kind, then facts that are not on record.
    #[arg(value_name = "DEAL|KIND|FIELD=VALUE")]
    arguments: Vec<String>,
    /// In which language [default: that of the configuration].
    #[arg(long, value_name = "LANG")]
    lang: Option<String>,
    /// Writes it to a new file; one that ends in .eml opens as a draft in a mail program.
    #[arg(long, value_name = "FILE")]
    to_file: Option<PathBuf>,
    /// Writes all closing notes that wait to a new folder of this one, a mail draft each.
    #[arg(long, value_name = "FOLDER", conflicts_with = "to_file")]
    to_folder: Option<PathBuf>,
    /// Text files, with what to say on the phone, in place of mail drafts.
    #[arg(long, requires = "to_folder")]
    text: bool,
    /// Hides amounts (1), or names and all free text as well (2).
    #[arg(long, value_name = "LEVEL", value_parser = clap::value_parser!(u8).range(0..=2))]
    mask: Option<u8>,
}

/// Reads the word of a message.
pub fn kind(word: &str) -> Result<MessageKind, CliError> {
    MessageKind::from_code(&word.replace('-', "_")).ok_or_else(|| {
        let all = MessageKind::ALL.map(MessageKind::code).join(", ");
        CliError::usage(format!("no message is called `{word}`")).hint(format!("there are: {all}"))
    })
}

/// Reads the code of a language.
pub fn language(session: &Session<'_>, code: &str) -> Result<String, CliError> {
    let messages = &session.config.messages;
    let found = messages.find(code).map(|l| l.code().to_owned());
    found.ok_or_else(|| {
        let known: Vec<&str> = messages.languages().map(Language::code).collect();
        CliError::usage(format!("no messages are written in `{code}`"))
            .hint(format!("there are: {}", known.join(", ")))
    })
}

/// What is written, before a mask.
struct Letter {
    word: &'static str,
    language: Option<String>,
    to: Option<String>,
    subject: String,
    body: String,
    phone: String,
    blanks: Vec<Fact>,
}

/// Carries out `message`.
pub fn run(session: &mut Session<'_>, args: &MessageArgs) -> Result<(), CliError> {
    let (words, pairs) = split(&args.arguments);
    let (deal, word) = match words.as_slice() {
        [] => return list(session),
        [word] if word == FAREWELL && args.to_file.is_none() && pairs.is_empty() => {
            return all_notes(session, args);
        }
        [_] => {
            return Err(CliError::usage("no message was named")
                .hint("`walkaway message` lists them; opener is for a first meeting"));
        }
        [deal, word] => (deal, word),
        [_, _, extra, ..] => {
            return Err(
                CliError::usage(format!("`{extra}` is one argument too many"))
                    .hint("put quotes around words that name a deal: \"Plant rollout\""),
            );
        }
    };
    if args.to_folder.is_some() {
        return Err(
            CliError::usage("a folder is for all closing notes that wait")
                .hint("`walkaway message farewell --to-folder FOLDER`, or --to-file for one"),
        );
    }
    if let Some(path) = &args.to_file {
        file::check(path, false)?;
    }
    let store = session.open(Access::Write)?;
    let deal = Session::deal(&store, deal)?;
    let gone = || CliError::failed(format!("deal {deal} is gone"));
    let detail = store.detail(deal)?.ok_or_else(gone)?;
    let letter = if word == FAREWELL {
        closing_note(&detail)?
    } else {
        written(session, &detail, kind(word)?, args.lang.as_deref(), &pairs)?
    };
    let mask = session.mask(args.mask);
    put_out(
        session,
        &store,
        deal,
        &detail,
        &letter,
        &mask,
        args.to_file.as_deref(),
    )
}

/// Prints all closing notes that wait or writes them to a folder, and logs each of them once; masked
/// ones are for nobody to send.
fn all_notes(session: &mut Session<'_>, args: &MessageArgs) -> Result<(), CliError> {
    let store = session.open(Access::Write)?;
    let stamp = session.stamp();
    let mask = session.mask(args.mask);
    if mask.hides_amounts() && args.to_folder.is_some() {
        return Err(
            CliError::usage("a closing note names them, so it is written unmasked or not")
                .hint("leave out --mask"),
        );
    }
    let mut fired = store.week(&stamp)?.fired;
    fired.retain(|fired| !fired.note_left);
    let deals: Vec<DealId> = fired.iter().rev().map(|fired| fired.deal).collect();
    let mut waiting = store.closing_notes(&deals)?;
    let folder = match &args.to_folder {
        Some(_) if waiting.is_empty() => None,
        Some(into) => {
            let files = if args.text {
                FilesAs::Texts
            } else {
                FilesAs::Drafts
            };
            let (now, today) = (session.around.now, stamp.today);
            Some(notes::write(&waiting, into, files, now, today)?)
        }
        None => None,
    };
    let way = match (&folder, args.text) {
        (None, _) => Way::Print,
        (Some(_), true) => Way::File,
        (Some(_), false) => Way::Mail,
    };
    if mask.hides_amounts() {
        for note in &mut waiting {
            note.hide(&mask);
        }
    } else {
        for note in &waiting {
            store.log_message(&stamp, note.deal, FAREWELL, way.code())?;
        }
    }
    let folder = folder.map(|path| path.to_string_lossy().into_owned());
    if session.global.json {
        let rows = waiting.iter().map(|note| {
            json!({
                "deal": note.deal.0, "name": mask.name(&note.name, Label::Deal(note.deal)),
                "to": note.to.as_ref().map(Free::expose_for_storage),
                "subject": note.subject.expose_for_storage(),
                "body": note.body.expose_for_storage(),
                "phone": note.phone.expose_for_storage(),
            })
        });
        let value = json!({
            "schema": SCHEMA, "notes": rows.collect::<Vec<_>>(), "folder": folder,
        });
        session.out.value(&value)?;
        return Ok(());
    }
    match (folder, waiting.len()) {
        (_, 0) => session.out.safe("No closing note waits")?,
        (Some(folder), 1) => session
            .out
            .safe(&format!("Wrote 1 closing note to {folder}"))?,
        (Some(folder), count) => {
            session
                .out
                .safe(&format!("Wrote {count} closing notes to {folder}"))?;
        }
        (None, _) => {
            let text = crate::domain::clean::TermSafe::block(&notes::joined(&waiting));
            session.out.line(text.as_str().trim_end())?;
        }
    }
    Ok(())
}

/// The closing note as it was decided on.
fn closing_note(detail: &Detail) -> Result<Letter, CliError> {
    let fired = detail
        .decisions
        .iter()
        .find(|d| d.kind == DecisionKind::Fired);
    let Some(fired) = fired else {
        return Err(
            CliError::failed("this deal was never fired, so it has no closing note")
                .hint("`walkaway message DEAL walk_away` writes one that decides nothing"),
        );
    };
    let text = |free: &Option<Free>| {
        let text = free.as_ref().map(Free::expose_for_storage);
        text.unwrap_or_default().to_owned()
    };
    Ok(Letter {
        word: FAREWELL,
        language: None,
        to: About::of(detail).email,
        subject: text(&fired.note.subject),
        body: text(&fired.note.mail),
        phone: text(&fired.note.phone),
        blanks: Vec::new(),
    })
}

fn written(
    session: &Session<'_>,
    detail: &Detail,
    kind: MessageKind,
    lang: Option<&str>,
    pairs: &[Pair<'_>],
) -> Result<Letter, CliError> {
    let messages = &session.config.messages;
    let code = match lang {
        Some(code) => language(session, code)?,
        None => messages.preferred().to_owned(),
    };
    let (about, me) = (About::of(detail), session.who());
    let last = detail.decisions.first();
    let mut facts = MessageFacts {
        whom: last.and_then(|d| d.whom.as_deref()),
        until: last.and_then(|d| d.until),
        ..about.facts(&me)
    };
    for Pair { field, value } in pairs {
        let value = (!value.trim().is_empty()).then_some(*value);
        match Fact::ALL.into_iter().find(|fact| fact.name() == *field) {
            Some(Fact::FirstName) => facts.contact = value,
            Some(Fact::Account) => facts.account = value,
            Some(Fact::Deal) => facts.deal = value,
            Some(Fact::Me) => facts.me = value,
            Some(Fact::Whom) => facts.whom = value,
            Some(Fact::Until) => {
                facts.until = value.map(|day| session.day(day, Lean::Ahead)).transpose()?;
            }
            Some(Fact::Work) => facts.work = value.map(Work::Words),
            Some(Fact::Promised) => facts.promised = value,
            None => return Err(unknown(field, Fact::ALL.map(Fact::name))),
        }
    }
    let message = messages.write(kind, &code, &facts);
    Ok(Letter {
        word: kind.code(),
        language: Some(code),
        to: about.email.clone(),
        subject: message.subject,
        body: message.body,
        phone: message.phone,
        blanks: message.blanks,
    })
}

/// Prints the message or writes it to a file, and logs that it left; a masked one is for nobody
/// to send, and not logged.
fn put_out(
    session: &mut Session<'_>,
    store: &Store,
    deal: DealId,
    detail: &Detail,
    letter: &Letter,
    mask: &Mask,
    path: Option<&Path>,
) -> Result<(), CliError> {
    let shown = |text: &str| mask.free(&Free::new(text), Some(deal)).into_owned();
    let (subject, body, phone) = (
        shown(&letter.subject),
        shown(&letter.body),
        shown(&letter.phone),
    );
    let to = letter.to.as_deref().filter(|_| !mask.hides_amounts());
    if let Some(path) = path {
        let is_mail = path
            .extension()
            .is_some_and(|e| e.eq_ignore_ascii_case("eml"));
        let bytes = if is_mail {
            let (subject, body) = (subject.as_str(), body.as_str());
            Draft { to, subject, body }.file(session.around.now)
        } else {
            draft::text(&subject, &body, &phone).into_bytes()
        };
        file::put(path, &bytes)?;
    }
    if !mask.hides_amounts() {
        let way = if path.is_some() {
            Way::File
        } else {
            Way::Print
        };
        store.log_message(&session.stamp(), deal, letter.word, way.code())?;
    }
    let blanks: Vec<&str> = letter.blanks.iter().map(|fact| fact.name()).collect();
    if session.global.json {
        let value = json!({
            "schema": SCHEMA, "deal": deal.0,
            "name": mask.name(detail.deal.name(), Label::Deal(deal)),
            "kind": letter.word, "language": letter.language, "to": to, "subject": subject,
            "body": body, "phone": phone, "blanks": blanks,
            "file": path.map(|path| path.to_string_lossy()),
        });
        session.out.value(&value)?;
        return Ok(());
    }
    if let Some(path) = path {
        session
            .out
            .safe(&format!("Wrote {}", path.to_string_lossy()))?;
    } else {
        let to = to.map(|to| format!("To: {to}\n")).unwrap_or_default();
        let subject = if subject.is_empty() {
            String::new()
        } else {
            format!("Subject: {subject}\n\n")
        };
        let mail = if body.is_empty() {
            String::new()
        } else {
            format!("{to}{subject}{body}\n\n")
        };
        let phone = if phone.is_empty() {
            String::new()
        } else {
            format!("On the phone:\n{phone}")
        };
        let text = crate::domain::clean::TermSafe::block(&format!("{mail}{phone}"));
        session.out.line(text.as_str().trim_end())?;
    }
    if !blanks.is_empty() {
        let fill: Vec<String> = blanks.iter().map(|name| format!("{name}=…")).collect();
        session.out.safe(&format!(
            "\nStill blank: {}; fill in with {}",
            blanks.join(", "),
            fill.join(" ")
        ))?;
    }
    Ok(())
}

/// Lists the messages, and the languages in which they are written.
fn list(session: &mut Session<'_>) -> Result<(), CliError> {
    let messages = session.config.messages.clone();
    let languages: Vec<Json> = messages
        .languages()
        .map(|language| json!({"code": language.code(), "name": language.name()}))
        .collect();
    if session.global.json {
        let kinds: Vec<Json> = MessageKind::ALL
            .into_iter()
            .map(|kind| json!({"kind": kind.code(), "title": kind.title()}))
            .collect();
        let value = json!({
            "schema": SCHEMA, "kinds": kinds, "languages": languages,
            "language": messages.preferred(), "facts": Fact::ALL.map(Fact::name),
        });
        session.out.value(&value)?;
        return Ok(());
    }
    for kind in MessageKind::ALL {
        let code = pad_right(kind.code(), 12, "");
        session
            .out
            .line(format!("{}{}", Tone::Head.paint(&code), kind.title()))?;
    }
    let code = pad_right(FAREWELL, 12, "");
    session.out.line(format!(
        "{}the closing note of a fired deal",
        Tone::Head.paint(&code)
    ))?;
    let names: Vec<String> = messages
        .languages()
        .map(|language| format!("{} ({})", language.code(), language.name()))
        .collect();
    session
        .out
        .safe(&format!("\nLanguages: {}", names.join(", ")))?;
    Ok(())
}
