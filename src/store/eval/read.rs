//! Reading everything that one deal is judged by.
//!
//! One statement reads the deal and tells which tables have more of it; each of those takes one
//! more. A deal of which nothing happened is read by one.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::num::NonZeroU64;

use chrono::NaiveDate;
use rusqlite::types::Type;
use rusqlite::{Connection, Error, OptionalExtension, Row, Statement};

use super::Judge;
use super::sources::Sources;
use crate::domain::answer::{Answer, Grade, Value};
use crate::domain::deal::{OutcomeKind, Side, Status, names};
use crate::domain::eval::{
    AccessAsk, CloseMove, Concession, Contact, ContactRole, Decided, Decision, Gate, Promise,
    PromiseState, Record, Tick, Touch, TouchStatus, first_met, level_of_title, spelt,
};
use crate::domain::hours::{Channel, Spent};
use crate::domain::ids::DealId;
use crate::domain::iso::IsoDay;
use crate::domain::phase::Phase;
use crate::domain::signal::SignalId;
use crate::domain::verdict::Verdict;

const RECORD: &str = "SELECT d.status, d.decision, d.phase, d.created, d.expected_close,
    d.next_step IS NOT NULL, d.last_activity, d.source,
    (SELECT min(t.due) FROM tripwire t WHERE t.deal = d.id AND t.state = 'set'),
    (SELECT max(h.until) FROM hold h WHERE h.deal = d.id AND h.ended IS NULL),
    (SELECT min(a.due) FROM ask a WHERE a.deal = d.id AND a.signal IS NOT NULL
       AND a.state IN ('open', 'no_reply')),
    EXISTS(SELECT 1 FROM answer a WHERE a.deal = d.id),
    EXISTS(SELECT 1 FROM touch t WHERE t.deal = d.id),
    EXISTS(SELECT 1 FROM commitment c WHERE c.deal = d.id),
    EXISTS(SELECT 1 FROM contact c WHERE c.deal = d.id),
    EXISTS(SELECT 1 FROM access_ask a WHERE a.deal = d.id),
    EXISTS(SELECT 1 FROM concession c WHERE c.deal = d.id),
    EXISTS(SELECT 1 FROM move m WHERE m.deal = d.id),
    EXISTS(SELECT 1 FROM sign s WHERE s.deal = d.id),
    EXISTS(SELECT 1 FROM trial_gate g WHERE g.deal = d.id),
    d.margin, d.discount, d.stage_changed, d.stage, d.amount, d.currency, d.contact,
    d.account IS NOT NULL OR d.contact IS NOT NULL
  FROM deal d WHERE d.id = ?1";

/// What the first statement tells besides the record itself.
struct Rest {
    decision: String,
    tripwire: Option<NaiveDate>,
    hold: Option<NaiveDate>,
    stage: Option<String>,
    stage_changed: Option<NaiveDate>,
    contact: Option<String>,
    /// Which tables have more: answers, touches, commitments, contacts, access, concessions,
    /// moves, signs, a gate.
    has: [bool; 9],
}

/// Reads everything that a deal is judged by; `None` when there is no such deal.
pub(super) fn record(
    conn: &Connection,
    judge: &Judge,
    sources: &Sources,
    deal: DealId,
    today: NaiveDate,
) -> rusqlite::Result<Option<Record>> {
    let read = conn
        .prepare_cached(RECORD)?
        .query_row([deal.0], |r| first(r, judge, sources))
        .optional()?;
    let Some((mut record, rest)) = read else {
        return Ok(None);
    };
    let [
        answers,
        touches,
        commitments,
        contacts,
        access,
        concessions,
        moves,
        signs,
        gate,
    ] = rest.has;
    if answers {
        record.answers = self::answers(conn, judge, deal)?;
    }
    if commitments {
        self::commitments(conn, deal, today, &mut record)?;
    }
    let mut people = People::default();
    if contacts {
        people.read(conn, deal)?;
    }
    if touches {
        self::touches(conn, sources, deal, today, &mut people, &mut record)?;
    }
    if let Some(name) = &rest.contact {
        people.find_or_add(name);
    }
    record.contacts = people
        .known
        .into_iter()
        .map(|known| known.contact)
        .collect();
    if access {
        record.access = self::access(conn, deal)?;
        let given = record.access.iter().filter(|ask| ask.given == Some(true));
        let given = given.map(|ask| ask.day).filter(|day| *day <= today).max();
        record.last_their_act = record.last_their_act.max(given);
    }
    if concessions {
        record.concessions = self::concessions(conn, deal)?;
    }
    if signs {
        record.ticks = ticks(conn, deal)?;
    }
    if gate {
        record.gate = self::gate(conn, deal)?;
    }
    record.stage_since = rest.stage_changed;
    let has_moved = if moves {
        self::moves(conn, deal, rest.stage.as_deref(), &mut record)?
    } else {
        false
    };
    if record.stage_since.is_none() && record.known.stage_moves && !has_moved {
        record.stage_since = record.created;
    }
    if rest.decision != "undecided" {
        let open = (rest.tripwire, rest.hold);
        record.decision = decided(conn, deal, &rest.decision, open, record.last_inbound)?;
    }
    Ok(Some(record))
}

/// A text where it lies, not copied; the empty one where there is none.
pub(super) fn text<'r>(r: &'r Row<'_>, at: usize) -> rusqlite::Result<&'r str> {
    Ok(r.get_ref(at)?.as_str_or_null()?.unwrap_or_default())
}

/// A day, or the one with which a moment begins: many are read, and nearly all are spelt alike.
pub(super) fn day(r: &Row<'_>, at: usize) -> rusqlite::Result<Option<NaiveDate>> {
    match IsoDay::read(text(r, at)?.get(..10).unwrap_or_default()) {
        Some(day) => Ok(Some(day)),
        None => r.get(at),
    }
}

fn first(r: &Row<'_>, judge: &Judge, sources: &Sources) -> rusqlite::Result<(Record, Rest)> {
    let source = text(r, 7)?;
    let stage = r.get_ref(23)?.as_str_or_null()?;
    let currency = r.get_ref(25)?.as_str_or_null()?;
    let thresholds = judge.thresholds();
    let mut has = [false; 9];
    for (at, has) in has.iter_mut().enumerate() {
        *has = r.get(11 + at)?;
    }
    let stats = &sources.stats;
    let record = Record {
        status: Status::from_code(text(r, 0)?).unwrap_or(Status::Open),
        phase: Phase::from_code(text(r, 2)?),
        is_named: r.get(27)?,
        created: day(r, 3)?,
        expected_close: day(r, 4)?,
        has_next_step: r.get(5)?,
        last_activity: day(r, 6)?,
        hard_question_due: day(r, 10)?,
        known: sources.known(source),
        margin: r.get(20)?,
        discount: r.get(21)?,
        stage_limit: stats.stage_limit(stage, thresholds),
        won_ages: sources.won_ages(source, thresholds),
        warranted: stats.warranted(r.get(24)?, currency, thresholds),
        ..Record::default()
    };
    let rest = Rest {
        decision: r.get(1)?,
        tripwire: day(r, 8)?,
        hold: day(r, 9)?,
        stage: stage.map(str::to_owned),
        stage_changed: day(r, 22)?,
        contact: r.get(26)?,
        has,
    };
    Ok((record, rest))
}

fn answers(
    conn: &Connection,
    judge: &Judge,
    deal: DealId,
) -> rusqlite::Result<Vec<Option<Answer>>> {
    let bank = judge.bank();
    let mut answers = vec![None; bank.questions().len()];
    let mut statement = conn.prepare_cached(
        "SELECT question, value, grade, day FROM answer
         WHERE deal = ?1 AND bank = ?2 AND current = 1",
    )?;
    let mut rows = statement.query((deal.0, bank.id()))?;
    while let Some(r) = rows.next()? {
        let (value, grade): (String, String) = (r.get(1)?, r.get(2)?);
        let read = Value::from_code(&value).zip(Grade::from_code(&grade));
        if let (Some(ix), Some((value, grade))) = (bank.find(&r.get::<_, String>(0)?), read) {
            answers[ix.at()] = Some(Answer::new(value, grade, r.get(3)?));
        }
    }
    Ok(answers)
}

/// Reads rows of one deal and maps each.
fn all<T>(
    mut statement: rusqlite::CachedStatement<'_>,
    deal: DealId,
    map: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
) -> rusqlite::Result<Vec<T>> {
    let statement: &mut Statement<'_> = &mut statement;
    statement.query_map([deal.0], map)?.collect()
}

/// Reads the promises of both sides.
fn commitments(
    conn: &Connection,
    deal: DealId,
    today: NaiveDate,
    record: &mut Record,
) -> rusqlite::Result<()> {
    let statement = conn.prepare_cached(
        "SELECT id, side, due, state, coalesce(settled, due, substr(at, 1, 10))
         FROM commitment WHERE deal = ?1 ORDER BY id",
    )?;
    record.promises = all(statement, deal, |r| {
        let (side, state): (String, String) = (r.get(1)?, r.get(3)?);
        Ok(Promise {
            id: r.get(0)?,
            side: Side::from_code(&side).unwrap_or(Side::We),
            due: r.get(2)?,
            state: PromiseState::from_code(&state),
            settled: r.get(4)?,
        })
    })?;
    let gets = record.promises.iter().filter(|p| p.side == Side::They);
    for get in gets {
        let done = get.settled.filter(|day| *day <= today);
        match get.state {
            PromiseState::Kept => {
                record.last_kept_get = record.last_kept_get.max(done);
                record.last_their_act = record.last_their_act.max(done);
            }
            PromiseState::Late => record.last_their_act = record.last_their_act.max(done),
            PromiseState::Open | PromiseState::Missed | PromiseState::Waived => {}
        }
    }
    Ok(())
}

/// One contact with what touches are looked up by.
struct Known {
    name: String,
    level: Option<u8>,
    contact: Contact,
}

/// Who is known at the prospect's.
#[derive(Default)]
struct People {
    known: Vec<Known>,
}

impl People {
    fn read(&mut self, conn: &Connection, deal: DealId) -> rusqlite::Result<()> {
        let statement = conn.prepare_cached(
            "SELECT id, name, role, level, met, title FROM contact WHERE deal = ?1 ORDER BY id",
        )?;
        self.known = all(statement, deal, |r| {
            let role: Option<String> = r.get(2)?;
            let (level, title): (Option<i64>, Option<String>) = (r.get(3)?, r.get(5)?);
            let level = level.and_then(|level| u8::try_from(level).ok());
            Ok(Known {
                name: spelt(&r.get::<_, String>(1)?),
                level: level.or_else(|| title.as_deref().and_then(level_of_title)),
                contact: Contact {
                    id: r.get(0)?,
                    role: role.as_deref().map(ContactRole::from_code),
                    met: r.get(4)?,
                },
            })
        })?;
        Ok(())
    }

    fn find_or_add(&mut self, name: &str) -> &mut Known {
        let name = spelt(name);
        let at = self.known.iter().position(|known| known.name == name);
        let at = at.unwrap_or_else(|| {
            self.known.push(Known {
                name,
                level: None,
                contact: Contact {
                    id: 0,
                    role: None,
                    met: None,
                },
            });
            self.known.len() - 1
        });
        &mut self.known[at]
    }

    /// Adds to a touch what is known of those who took part, and notes that we met them.
    fn join(&mut self, touch: &mut Touch, names: &[String]) {
        let met = touch.is_held_meeting().then_some(touch.day);
        for name in names {
            let known = self.find_or_add(name);
            touch.level = touch.level.max(known.level);
            if let Some(role) = known.contact.role {
                let buys = role == ContactRole::Purchasing;
                touch.purchasing = Some(touch.purchasing.unwrap_or(true) && buys);
            }
            known.contact.met = first_met(known.contact.met, met);
        }
    }
}

/// Reads a list of names: `Dana Fox; Raj Patel`.
fn names(text: &str) -> Vec<String> {
    names::split(text).map(str::to_owned).collect()
}

/// What names a document: a quote that has no name of its own is the quote of the deal.
fn document(text: &str, channel: Channel) -> Option<NonZeroU64> {
    let name = match (spelt(text), channel) {
        (name, Channel::Quote) if name.is_empty() => "quote".to_owned(),
        (name, _) if name.is_empty() => return None,
        (name, _) => name,
    };
    let mut hasher = DefaultHasher::new();
    name.hash(&mut hasher);
    NonZeroU64::new(hasher.finish() | 1)
}

/// Reads the touches: what signals ask of each, who acted last, and the minutes.
fn touches(
    conn: &Connection,
    sources: &Sources,
    deal: DealId,
    today: NaiveDate,
    people: &mut People,
    record: &mut Record,
) -> rusqlite::Result<()> {
    let statement = conn.prepare_cached(
        "SELECT id, at, direction, channel, status, minutes, words, curt, asks_info, after_hours,
                document, contacts, people
         FROM touch WHERE deal = ?1 ORDER BY at, id",
    )?;
    let mut minutes: Vec<(NaiveDate, u32)> = Vec::new();
    record.touches = all(statement, deal, |r| {
        let channel = Channel::from_code(text(r, 3)?).unwrap_or(Channel::Message);
        let words: Option<i64> = r.get(6)?;
        let ours = names(text(r, 12)?);
        let day = day(r, 1)?.ok_or(Error::InvalidColumnType(1, "at".into(), Type::Null))?;
        let mut touch = Touch {
            status: TouchStatus::from_code(text(r, 4)?),
            words: words.map(|n| u16::try_from(n).unwrap_or(u16::MAX)),
            curt: r.get(7)?,
            asks_info: r.get(8)?,
            after_hours: match text(r, 9)? {
                "yes" => Some(true),
                "no" => Some(false),
                _ => None,
            },
            document: document(text(r, 10)?, channel),
            senior: sources.has_senior(&ours),
            ..Touch::new(r.get(0)?, day, text(r, 2)? == "in", channel)
        };
        people.join(&mut touch, &names(text(r, 11)?));
        if touch.status == TouchStatus::Held {
            let own: Option<i64> = r.get(5)?;
            minutes.push((touch.day, channel.cost(own, ours.len())));
        }
        Ok(touch)
    })?;
    for touch in record.touches.iter().filter(|touch| touch.day <= today) {
        record.last_touch = record.last_touch.max(Some(touch.day));
        if touch.inbound && touch.is_theirs() {
            record.last_inbound = record.last_inbound.max(Some(touch.day));
        }
        if touch.is_theirs() {
            record.last_their_act = record.last_their_act.max(Some(touch.day));
        }
    }
    record.spent = Spent::from_touches(minutes, today);
    record.known.activity = true;
    Ok(())
}

fn access(conn: &Connection, deal: DealId) -> rusqlite::Result<Vec<AccessAsk>> {
    let statement = conn.prepare_cached(
        "SELECT id, coalesce(answered, day) AS on_day, answer FROM access_ask
         WHERE deal = ?1 ORDER BY on_day, id",
    )?;
    all(statement, deal, |r| {
        let answer: Option<String> = r.get(2)?;
        Ok(AccessAsk {
            id: r.get(0)?,
            day: r.get(1)?,
            given: answer.map(|answer| answer == "given"),
        })
    })
}

fn concessions(conn: &Connection, deal: DealId) -> rusqlite::Result<Vec<Concession>> {
    let statement = conn.prepare_cached(
        "SELECT id, substr(at, 1, 10), kind = 'bait', hard_to_keep, kept FROM concession
         WHERE deal = ?1 ORDER BY at, id",
    )?;
    all(statement, deal, |r| {
        Ok(Concession {
            id: r.get(0)?,
            day: r.get(1)?,
            bait: r.get(2)?,
            hard_to_keep: r.get(3)?,
            kept: r.get(4)?,
        })
    })
}

/// The signal that a tick stands for; `None` where it answered a question instead.
fn ticked(sign: &str) -> Option<SignalId> {
    match sign {
        "curt" => Some(SignalId::Curt),
        "no-time" => Some(SignalId::WontMeet),
        "after-hours" => Some(SignalId::AfterHours),
        "lose-quote" => Some(SignalId::ReQuoted),
        "more-info" => Some(SignalId::InfoDrip),
        "block" => Some(SignalId::Blocked),
        _ => None,
    }
}

fn ticks(conn: &Connection, deal: DealId) -> rusqlite::Result<Vec<Tick>> {
    let statement = conn.prepare_cached(
        "SELECT id, sign, substr(at, 1, 10) FROM sign WHERE deal = ?1 ORDER BY id",
    )?;
    let ticks = all(statement, deal, |r| {
        let (id, day) = (r.get(0)?, r.get(2)?);
        let signal = ticked(&r.get::<_, String>(1)?);
        Ok(signal.map(|signal| Tick { id, signal, day }))
    })?;
    Ok(ticks.into_iter().flatten().collect())
}

fn gate(conn: &Connection, deal: DealId) -> rusqlite::Result<Option<Gate>> {
    conn.prepare_cached(
        "SELECT id, (objectives IS NULL) + (requirements IS NULL) + (process IS NULL)
           + (equipment IS NULL), starts FROM trial_gate WHERE deal = ?1",
    )?
    .query_row([deal.0], |r| {
        Ok(Gate {
            id: r.get(0)?,
            open: r.get(1)?,
            starts: r.get(2)?,
        })
    })
    .optional()
}

/// Reads the moves of the close date, and since when the deal is in its stage; tells whether it
/// ever moved from one to another.
fn moves(
    conn: &Connection,
    deal: DealId,
    stage: Option<&str>,
    record: &mut Record,
) -> rusqlite::Result<bool> {
    let mut statement = conn.prepare_cached(
        "SELECT id, day, field, old, new FROM move
         WHERE deal = ?1 AND field <> 'amount' ORDER BY day, id",
    )?;
    let mut rows = statement.query([deal.0])?;
    let mut has_moved = false;
    while let Some(r) = rows.next()? {
        let (id, day): (i64, NaiveDate) = (r.get(0)?, r.get(1)?);
        let (old, new) = (
            r.get_ref(3)?.as_str_or_null()?,
            r.get_ref(4)?.as_str_or_null()?,
        );
        if text(r, 2)? == "expected_close" {
            let out = old.zip(new).is_some_and(|(old, new)| new > old);
            record.moves.push(CloseMove { id, day, out });
        } else {
            has_moved = true;
            if new == stage {
                record.stage_since = record.stage_since.max(Some(day));
            }
        }
    }
    Ok(has_moved)
}

/// Reads the decision in force with what the rules ask of it: the open tripwire and hold.
fn decided(
    conn: &Connection,
    deal: DealId,
    word: &str,
    (tripwire, hold): (Option<NaiveDate>, Option<NaiveDate>),
    last_inbound: Option<NaiveDate>,
) -> rusqlite::Result<Decision> {
    let last = conn
        .prepare_cached(
            "SELECT day, verdict, disposition, until, id FROM decision
             WHERE deal = ?1 AND kind = ?2 ORDER BY id DESC LIMIT 1",
        )?
        .query_row((deal.0, word), |r| {
            let verdict: Option<String> = r.get(1)?;
            let disposition: Option<String> = r.get(2)?;
            Ok((
                Decided {
                    on: r.get(0)?,
                    verdict: verdict.as_deref().and_then(Verdict::from_code),
                    worse_was_seen: false,
                },
                r.get::<_, Option<NaiveDate>>(3)?
                    .filter(|_| disposition.as_deref() == Some("nurture")),
                r.get::<_, i64>(4)?,
            ))
        })
        .optional()?;
    let Some((decided, nurture, firing)) = last else {
        return Ok(Decision::Undecided);
    };
    Ok(match word {
        "continued" => Decision::Continued { decided, tripwire },
        "hold" => Decision::Held {
            decided,
            until: hold.unwrap_or(decided.on),
        },
        "fired" => Decision::Fired {
            decided,
            nurture,
            came_back: came_back(conn, deal, firing, decided.on, last_inbound)?,
        },
        _ => Decision::Undecided,
    })
}

/// Tells whether a fired prospect made contact and nobody said yet what came of that; who came
/// back better stays on top until taken back.
fn came_back(
    conn: &Connection,
    deal: DealId,
    firing: i64,
    fired: NaiveDate,
    last_inbound: Option<NaiveDate>,
) -> rusqlite::Result<bool> {
    let told: Option<(String, NaiveDate)> = conn
        .prepare_cached(
            "SELECT kind, day FROM outcome WHERE deal = ?1 AND decision = ?2
             ORDER BY id DESC LIMIT 1",
        )?
        .query_row((deal.0, firing), |r| Ok((r.get(0)?, r.get(1)?)))
        .optional()?;
    let since = match told {
        Some((kind, _)) if kind == OutcomeKind::CameBackBetter.code() => return Ok(true),
        Some((_, day)) => day.max(fired),
        None => fired,
    };
    Ok(last_inbound.is_some_and(|day| day > since))
}
