//! `contact`, `handoff` and `person`: theirs, ours, and who carries a deal.

use clap::Args;

use super::error::CliError;
use super::fields::{self, Pair, unknown};
use super::session::Session;
use crate::domain::act::{Act, ContactSheet, HandoffSheet, PersonSheet};
use crate::domain::deal::{ContactRole, Detail, PersonRole};
use crate::domain::when::Lean;
use crate::store::Access;

/// Makes a contact of a deal, or changes the one of that name; an empty value erases.
///
/// Fields: name, title, role (economic_buyer, champion, user, purchasing, blocker), level (1
/// works with it, 2 leads a team, 3 leads a part, 4 leads the whole), met (the day, or yes for
/// today), email.
#[derive(Args, Debug)]
pub struct ContactArgs {
    /// The deal: its number, `source:id`, or words that find it alone.
    deal: String,
    /// What is known; a name at the least.
    #[arg(value_name = "FIELD=VALUE", required = true)]
    fields: Vec<String>,
}

/// Hands a deal over among us.
///
/// Fields: to, overseer (who looks over their shoulder), check (when they look next), from.
#[derive(Args, Debug)]
pub struct HandoffArgs {
    /// The deal: its number, `source:id`, or words that find it alone.
    deal: String,
    /// To whom, and who looks after it.
    #[arg(value_name = "FIELD=VALUE", required = true)]
    fields: Vec<String>,
}

/// Says who one of us is.
///
/// Fields: role (rep, manager), senior (yes, no), owner (the name in the record).
#[derive(Args, Debug)]
pub struct PersonArgs {
    /// The name.
    name: String,
    /// What is said.
    #[arg(value_name = "FIELD=VALUE")]
    fields: Vec<String>,
}

/// Words, or nothing where they are empty.
fn words(value: &str) -> Option<String> {
    let value = value.trim();
    (!value.is_empty()).then(|| value.to_owned())
}

/// The contact as it stands, so that only what is named changes.
fn standing(detail: &Detail, name: &str) -> Option<(i64, ContactSheet)> {
    let same = |other: &str| other.to_lowercase() == name.to_lowercase();
    let row = detail
        .contacts
        .iter()
        .find(|row| same(row.name.expose_for_storage()))?;
    let sheet = ContactSheet {
        name: row.name.expose_for_storage().to_owned(),
        title: row.title.clone(),
        role: row.role,
        level: row.level.and_then(|level| u8::try_from(level).ok()),
        met: row.noted,
        email: row
            .email
            .as_ref()
            .map(|e| e.expose_for_storage().to_owned()),
    };
    Some((row.id, sheet))
}

/// Carries out `contact`.
pub fn contact(session: &mut Session<'_>, args: &ContactArgs) -> Result<(), CliError> {
    let pairs = fields::only(&args.fields)?;
    let name = pairs.iter().find(|pair| pair.field == "name");
    let Some(name) = name.and_then(|pair| words(pair.value)) else {
        return Err(CliError::usage("a contact has a name").hint("give it: name=\"Dana Fox\""));
    };
    let mut store = session.open(Access::Write)?;
    let deal = Session::deal(&store, &args.deal)?;
    let detail = store
        .detail(deal)?
        .ok_or_else(|| CliError::failed(format!("deal {deal} is gone")))?;
    let (id, mut sheet) = match standing(&detail, &name) {
        Some((id, sheet)) => (Some(id), sheet),
        None => (
            None,
            ContactSheet {
                name,
                ..ContactSheet::default()
            },
        ),
    };
    for Pair { field, value } in pairs {
        match field {
            "name" => {}
            "title" => sheet.title = words(value),
            "email" => sheet.email = words(value),
            "role" => sheet.role = words(value).map(|w| role(&w)).transpose()?,
            "level" => sheet.level = words(value).map(|w| level(&w)).transpose()?,
            "met" => {
                sheet.met = match value.trim() {
                    "" | "no" => None,
                    "yes" => Some(session.around.today()),
                    text => Some(session.day(text, Lean::Back)?),
                }
            }
            other => {
                let known = ["name", "title", "role", "level", "met", "email"];
                return Err(unknown(other, known));
            }
        }
    }
    let act = match id {
        Some(contact) => Act::ContactEdit { contact, to: sheet },
        None => Act::ContactAdd {
            deal,
            contact: sheet,
        },
    };
    let done = store.act(&session.stamp(), &act)?;
    Session::index(&mut store)?;
    session.done(&store, &done)
}

fn role(word: &str) -> Result<ContactRole, CliError> {
    ContactRole::from_code(word).ok_or_else(|| {
        let all: Vec<_> = ContactRole::ALL.iter().map(|role| role.code()).collect();
        CliError::usage(format!("`{word}` is no role of a contact"))
            .hint(format!("there are: {}", all.join(", ")))
    })
}

fn level(word: &str) -> Result<u8, CliError> {
    word.parse().map_err(|error| {
        CliError::usage(format!("`{word}` is no level: {error}"))
            .hint("1 works with it, 2 leads a team, 3 leads a part, 4 leads the whole")
    })
}

/// Carries out `handoff`.
pub fn handoff(session: &mut Session<'_>, args: &HandoffArgs) -> Result<(), CliError> {
    let mut sheet = HandoffSheet::default();
    for Pair { field, value } in fields::only(&args.fields)? {
        match field {
            "to" => value.clone_into(&mut sheet.to),
            "from" => sheet.from = words(value),
            "overseer" => sheet.overseer = words(value),
            "check" | "next_check" => {
                sheet.next_check = words(value)
                    .map(|w| session.day(&w, Lean::Ahead))
                    .transpose()?;
            }
            other => return Err(unknown(other, ["to", "overseer", "check", "from"])),
        }
    }
    let mut store = session.open(Access::Write)?;
    let deal = Session::deal(&store, &args.deal)?;
    let done = store.act(&session.stamp(), &Act::Handoff { deal, sheet })?;
    session.done(&store, &done)
}

/// Carries out `person`.
pub fn person(session: &mut Session<'_>, args: &PersonArgs) -> Result<(), CliError> {
    let mut sheet = PersonSheet::default();
    for Pair { field, value } in fields::only(&args.fields)? {
        match (field, value.trim()) {
            ("role", word) => {
                let role = PersonRole::from_code(word).ok_or_else(|| {
                    CliError::usage(format!("`{word}` is no role")).hint("say rep or manager")
                })?;
                sheet.role = Some(role);
            }
            ("senior", "yes") => sheet.senior = Some(true),
            ("senior", "no") => sheet.senior = Some(false),
            ("senior", other) => {
                return Err(
                    CliError::usage(format!("senior: `{other}` is neither yes nor no"))
                        .hint("say senior=yes or senior=no"),
                );
            }
            ("owner", word) => sheet.owner = Some(word.to_owned()),
            (other, _) => return Err(unknown(other, ["role", "senior", "owner"])),
        }
    }
    let mut store = session.open(Access::Write)?;
    let act = Act::PersonSet {
        name: args.name.clone(),
        sheet,
    };
    let done = store.act(&session.stamp(), &act)?;
    session.done(&store, &done)
}
