//! The rows of files on their way into the pipeline: one thread reads them, this one writes.

use super::Export;
use super::ahead::{Ahead, Next};
use super::apply::{
    OnProgress, Report, RunError, STRIDE, further, holds, incoming, no_deal, no_part, note_cut,
};
use super::crm::{Object, identity};
use super::deal::Outcome;
use super::error::ImportError;
use super::parts::{PartOutcome, Parts};
use super::rows::{Progress, Rows};
use crate::store::{Fate, Intake, Judged, Outlook};

/// A row as the thread that reads hands it on.
struct Read<T> {
    row: Result<T, ImportError>,
    /// How far the reading was with it.
    at: Progress,
}

/// A row of a file of deals, ready to be written.
enum DealRead {
    Deal(Box<Ready>),
    No(Outcome),
}

/// A deal, and what else its row tells.
struct Ready {
    judged: Judged,
    row: u64,
    cut: Vec<String>,
    /// Source, id and name of its account.
    account: Option<(std::sync::Arc<str>, String, String)>,
}

/// Reads the rows of deals and judges them.
struct Deals {
    rows: Rows,
    outlook: Outlook,
    has_history: bool,
    named: Named,
}

impl Deals {
    fn ready(&mut self, outcome: Outcome) -> DealRead {
        let row = match outcome {
            Outcome::Deal(row) => row,
            other @ (Outcome::Skip { .. } | Outcome::Refuse { .. }) => return DealRead::No(other),
        };
        let account = row.account_id.as_deref().zip(row.account.as_deref());
        let account = account
            .map(|(id, name)| (identity(&row.source, id), name))
            .filter(|(id, _)| self.named.is_new(&row.source, id))
            .map(|(id, name)| (row.source.clone(), id.to_owned(), name.to_owned()));
        DealRead::Deal(Box::new(Ready {
            row: row.row,
            cut: row.cut.clone(),
            account,
            judged: self.outlook.judge(incoming(*row, self.has_history)),
        }))
    }
}

impl Iterator for Deals {
    type Item = Read<DealRead>;

    fn next(&mut self) -> Option<Self::Item> {
        let row = self.rows.next()?.map(|outcome| self.ready(outcome));
        let at = self.rows.progress();
        Some(Read { row, at })
    }
}

/// The accounts that were named of late: most are named by many rows. Those that it forgot are
/// looked up in the pipeline.
struct Named(Vec<u64>);

impl Named {
    const PLACES: usize = 1 << 16;

    fn new() -> Self {
        Self(vec![0; Self::PLACES])
    }

    fn is_new(&mut self, source: &str, id: &str) -> bool {
        use std::hash::{DefaultHasher, Hash as _, Hasher as _};

        let mut hasher = DefaultHasher::new();
        (source, id).hash(&mut hasher);
        let key = hasher.finish();
        let place = &mut self.0[key as usize % Self::PLACES];
        std::mem::replace(place, key) != key
    }
}

/// Reads the rows beside the deals.
struct Beside(Parts);

impl Iterator for Beside {
    type Item = Read<PartOutcome>;

    fn next(&mut self) -> Option<Self::Item> {
        let row = self.0.next()?;
        let at = self.0.progress();
        Some(Read { row, at })
    }
}

/// Hands the rows of all files to an import.
pub(super) fn all(
    intake: &mut Intake<'_>,
    export: &Export,
    report: &mut Report,
    progress: OnProgress<'_>,
) -> Result<(), RunError> {
    let parts = export.parts();
    let rows = export.rows();
    let (of_deals, beside) = (rows.progress().total, parts.progress().total);
    let deals = Deals {
        rows,
        outlook: intake.outlook(),
        has_history: holds(export, Object::History),
        named: Named::new(),
    };
    let mut seen = 0;
    let mut tell = |at: Progress, done, others| {
        seen += 1;
        if seen % STRIDE == 0 {
            progress(further(at, done, others), seen);
        }
    };
    each(intake, export, deals, |intake, read| {
        tell(read.at, 0, beside);
        take_deal(intake, report, read.row?)
    })?;
    each(intake, export, Beside(parts), |intake, read| {
        tell(read.at, of_deals, of_deals);
        take_part(intake, report, read.row?)
    })
}

/// Takes rows while another thread reads the next ones and frees what is left of those that are
/// taken; that thread may be through already when this one is told to stop.
fn each<T: Send, L: Send>(
    intake: &mut Intake<'_>,
    export: &Export,
    rows: impl Iterator<Item = T> + Send,
    mut take: impl FnMut(&mut Intake<'_>, T) -> Result<Option<L>, RunError>,
) -> Result<(), RunError> {
    std::thread::scope(|scope| {
        let ahead = Ahead::start(scope, rows);
        loop {
            export.check_cancel()?;
            match ahead.next() {
                Next::Rows(rows) => {
                    let mut left = Vec::with_capacity(rows.len());
                    for row in rows {
                        left.extend(take(intake, row)?);
                    }
                    ahead.give_back(left);
                }
                Next::Late => intake.flush()?,
                Next::End => break,
            }
        }
        Ok(intake.flush()?)
    })
}

fn take_deal(
    intake: &mut Intake<'_>,
    report: &mut Report,
    read: DealRead,
) -> Result<Option<Box<Ready>>, RunError> {
    match read {
        DealRead::Deal(ready) => {
            note_cut(report, ready.row, &ready.cut);
            report.by.deal += 1;
            if let Some((source, id, name)) = &ready.account {
                intake.account(source, id, name)?;
            }
            let (deal, fate) = intake.judged(&ready.judged)?;
            if let Fate::Conflict { .. } = &fate {
                report.note(deal, &fate);
            }
            Ok(Some(ready))
        }
        DealRead::No(outcome) => {
            match &outcome {
                Outcome::Skip { .. } => intake.skip(),
                Outcome::Refuse { .. } => intake.refuse(),
                Outcome::Deal(_) => {}
            }
            no_deal(report, outcome, false);
            Ok(None)
        }
    }
}

fn take_part(
    intake: &mut Intake<'_>,
    report: &mut Report,
    outcome: PartOutcome,
) -> Result<Option<PartOutcome>, RunError> {
    match &outcome {
        PartOutcome::Part(part) => {
            let became = intake.part(part)?;
            report.became(part, &became);
            return Ok(Some(outcome));
        }
        PartOutcome::Skip { .. } => intake.skip(),
        PartOutcome::Refuse { .. } => intake.refuse(),
    }
    no_part(report, outcome, false);
    Ok(None)
}
