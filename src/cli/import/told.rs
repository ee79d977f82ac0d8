//! What an import did, or would do: in words, and as a value for scripts.

use serde_json::{Value as Json, json};

use super::rows;
use crate::cli::error::CliError;
use crate::cli::out::Tone;
use crate::cli::session::Session;
use crate::export::deals::SCHEMA;
use crate::import::{self, Assumption, ColumnReading, Recognised, Report};

/// Rows of a kind that are named; the others are counted.
const NAMED: usize = 20;

/// What is told of an import.
pub(super) struct Told<'t> {
    pub(super) files: &'t [Recognised],
    pub(super) report: &'t Report,
    pub(super) what: Option<String>,
    pub(super) dry: bool,
}

/// Tells of an import, in words or as a value.
pub(super) fn tell(session: &mut Session<'_>, told: &Told<'_>) -> Result<(), CliError> {
    if session.global.json {
        session.out.value(&value(told))?;
        return Ok(());
    }
    words(session, told)
}

fn file_name(files: &[Recognised], at: usize) -> &str {
    files.get(at).map_or("", |file| file.file.as_str())
}

/// An import as a value for scripts.
pub(super) fn value(told: &Told<'_>) -> Json {
    let Told {
        files,
        report,
        what,
        ..
    } = told;
    let counts = report.counts;
    let columns = files.iter().flat_map(|f| &f.columns);
    let assumptions = files.iter().flat_map(Recognised::assumed);
    let cut = report
        .cut
        .iter()
        .map(|(column, rows)| json!({"column": column, "reading": was_cut(rows), "example": null}));
    let assumed = assumptions
        .map(|a| json!({"column": a.column, "reading": a.reading, "example": a.example}));
    json!({
        "schema": SCHEMA,
        "action": report.action.map(|id| json!({"id": id.0, "what": what})),
        "rows": counts.rows,
        "new": counts.new,
        "updated": counts.updated,
        "same": counts.same,
        "conflict": counts.conflict,
        "skipped": counts.skipped,
        "refused_rows": counts.refused,
        "files": files.iter().map(|f| json!({
            "file": f.file, "crm": f.crm, "object": f.object.name(), "used": f.used, "why": f.why,
        })).collect::<Vec<_>>(),
        "columns": columns.map(|c| json!({
            "file": c.file, "column": c.column, "field": c.field.map(import::Field::name),
            "reading": c.reading,
        })).collect::<Vec<_>>(),
        "conflicts": report.conflicts.iter().map(|c| json!({
            "deal": c.deal.map(|d| d.0), "field": c.field, "ours": c.ours, "theirs": c.theirs,
        })).collect::<Vec<_>>(),
        "skips": report.skips.iter().map(|s| json!({
            "file": file_name(files, s.file), "row": s.row, "why": s.why,
        })).collect::<Vec<_>>(),
        "refused": report.refused.iter().map(|r| json!({
            "file": file_name(files, r.file), "row": r.row, "column": r.column, "why": r.why,
        })).collect::<Vec<_>>(),
        "by": {"deal": report.by.deal, "account": report.by.account, "contact": report.by.contact,
            "touch": report.by.touch, "note": report.by.note, "move": report.by.moved},
        "orphans": report.orphans,
        "assumptions": assumed.chain(cut).collect::<Vec<_>>(),
    })
}

fn words(session: &mut Session<'_>, told: &Told<'_>) -> Result<(), CliError> {
    let Told {
        files, report, dry, ..
    } = told;
    let counts = report.counts;
    let out = &mut session.out;
    for file in *files {
        let used = if file.used { "" } else { " (not used)" };
        out.safe(&format!("{}{used}: {}", file.file, file.why))?;
    }
    let verb = match (*dry, counts.new) {
        (true, _) => "would be",
        (false, 1) => "is",
        (false, _) => "are",
    };
    let skipped = counts.skipped - report.joined;
    let joined = match report.joined {
        0 => String::new(),
        joined => format!(", {joined} joined"),
    };
    out.line(Tone::Head.paint(&format!(
        "{}: {} {verb} new, {} updated, {} same, {} in conflict, {skipped} skipped, {} refused{joined}",
        rows(counts.rows),
        counts.new,
        counts.updated,
        counts.same,
        counts.conflict,
        counts.refused
    )))?;
    if report.by.touch > 0 {
        let orphans = match report.orphans {
            0 => String::new(),
            1 => "; 1 belongs to no deal here: it is kept, and counts nowhere".to_owned(),
            n => format!("; {n} belong to no deal here: they are kept, and count nowhere"),
        };
        let are = if report.by.touch == 1 {
            "is a touch"
        } else {
            "are touches"
        };
        out.line(format!("{} {are}{orphans}", rows(report.by.touch)))?;
    }
    columns(out, files.iter().flat_map(|f| &f.columns))?;
    assumptions(out, files.iter().flat_map(Recognised::assumed), report)?;
    let conflicts = report.conflicts.iter().map(|c| {
        let text = |value: &Json| match value {
            Json::String(text) => text.clone(),
            Json::Null => "nothing".to_owned(),
            Json::Bool(_) | Json::Number(_) | Json::Array(_) | Json::Object(_) => value.to_string(),
        };
        let deal = c.deal.map(|d| format!("deal {d}")).unwrap_or_default();
        if c.field.is_empty() {
            format!("{deal} {}", c.why).trim().to_owned()
        } else {
            format!(
                "{deal} {}: ours {}, theirs {}",
                c.field,
                text(&c.ours),
                text(&c.theirs)
            )
        }
    });
    let hint = "ours stays; `--take file` takes theirs";
    list(out, "In conflict", counts.conflict, conflicts, hint)?;
    let passed_over = |is_joined| {
        let those = report
            .skips
            .iter()
            .filter(move |s| s.is_joined == is_joined);
        those.map(|s| format!("{} line {}: {}", file_name(files, s.file), s.line, s.why))
    };
    list(out, "Skipped", skipped, passed_over(false), "")?;
    let refused = report.refused.iter().map(|r| {
        let column = r
            .column
            .as_ref()
            .map(|c| format!(", column {c}"))
            .unwrap_or_default();
        format!(
            "{} line {}{column}: {}",
            file_name(files, r.file),
            r.line,
            r.why
        )
    });
    list(out, "Refused", counts.refused, refused, "")?;
    list(
        out,
        "Joined with another row",
        report.joined,
        passed_over(true),
        "",
    )?;
    match report.action {
        Some(id) => out.line(format!("`walkaway undo {id}` takes it back"))?,
        None if *dry => out.line("Nothing was written")?,
        None => out.line("Nothing had to change")?,
    }
    Ok(())
}

fn columns<'c>(
    out: &mut crate::cli::out::Out,
    columns: impl Iterator<Item = &'c ColumnReading> + Clone,
) -> Result<(), CliError> {
    let first = columns.clone().next();
    let has_many = columns
        .clone()
        .any(|c| first.is_some_and(|first| first.file != c.file));
    // Of several files each column is named with its own.
    let named = |c: &ColumnReading| {
        if has_many {
            format!("{} of {}", c.column, short(&c.file))
        } else {
            c.column.clone()
        }
    };
    let used = columns
        .clone()
        .filter(|c| c.field.is_some_and(|f| f != import::Field::Ignore));
    let left: Vec<String> = columns
        .filter(|c| c.field.is_none_or(|f| f == import::Field::Ignore))
        .map(named)
        .collect();
    let mut is_first = true;
    for column in used {
        if std::mem::take(&mut is_first) {
            out.line("Columns")?;
        }
        let field = column.field.map_or("", import::Field::name);
        let reading = if column.reading.is_empty() {
            String::new()
        } else {
            format!("  {}", column.reading)
        };
        out.safe(&format!("  {} is {field}{reading}", named(column)))?;
    }
    if !left.is_empty() {
        let (first, more) = left.split_at(left.len().min(NAMED));
        let more = match more.len() {
            0 => String::new(),
            more => format!(" and {more} more; `--json` lists them"),
        };
        out.safe(&format!("  not used: {}{more}", first.join(", ")))?;
    }
    Ok(())
}

/// The name of a file without its folders.
fn short(file: &str) -> &str {
    file.rsplit(['/', '\\']).next().unwrap_or(file)
}

fn assumptions<'a>(
    out: &mut crate::cli::out::Out,
    assumptions: impl Iterator<Item = &'a Assumption> + Clone,
    report: &Report,
) -> Result<(), CliError> {
    let first = assumptions.clone().next();
    let has_many = assumptions
        .clone()
        .any(|a| first.is_some_and(|first| first.file != a.file));
    let mut lines: Vec<String> = assumptions
        .map(|a| {
            let column = match (&a.column, has_many) {
                (Some(column), true) => format!("{column} of {}: ", short(&a.file)),
                (Some(column), false) => format!("{column}: "),
                (None, true) => format!("{}: ", short(&a.file)),
                (None, false) => String::new(),
            };
            let example = a
                .example
                .as_ref()
                .map(|e| format!(", such as `{e}`"))
                .unwrap_or_default();
            format!("{column}{}{example}", a.reading)
        })
        .collect();
    lines.extend(
        report
            .cut
            .iter()
            .map(|(column, rows)| format!("{column}: {}", was_cut(rows))),
    );
    if !lines.is_empty() {
        out.line("Assumed")?;
    }
    for line in lines {
        out.safe(&format!("  {line}"))?;
    }
    Ok(())
}

fn list(
    out: &mut crate::cli::out::Out,
    title: &str,
    count: u64,
    lines: impl Iterator<Item = String>,
    hint: &str,
) -> Result<(), CliError> {
    if count == 0 {
        return Ok(());
    }
    let hint = if hint.is_empty() {
        String::new()
    } else {
        format!(": {hint}")
    };
    out.line(Tone::Alarm.paint(&format!("{title} {count}{hint}")))?;
    let mut named = 0;
    let mut all = 0_usize;
    for line in lines {
        all += 1;
        if named < NAMED {
            named += 1;
            out.safe(&format!("  {line}"))?;
        }
    }
    let more = (count as usize).max(all) - named;
    if more > 0 {
        out.line(format!(
            "  and {more} more; `--json` lists up to a thousand"
        ))?;
    }
    Ok(())
}

/// Says in which rows a text was cut, the first ten by number.
fn was_cut(rows: &[u64]) -> String {
    let first: Vec<String> = rows.iter().take(10).map(ToString::to_string).collect();
    let more = rows.len().saturating_sub(10);
    let noun = if rows.len() == 1 { "row" } else { "rows" };
    let rest = if more == 0 {
        String::new()
    } else {
        format!(" and {more} more")
    };
    format!("too long, and cut, in {noun} {}{rest}", first.join(", "))
}
