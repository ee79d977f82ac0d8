//! `report judgement`: decisions and verdicts against what happened.

use serde_json::{Map, Value as Json, json};

use super::super::error::CliError;
use super::super::session::Session;
use super::super::table::{Table, cell, figures, text};
use crate::domain::judgement::{Fate, Tally};
use crate::export::deals::SCHEMA;
use crate::store::Access;

fn as_json(tally: &Tally) -> Map<String, Json> {
    let mut map = Map::new();
    map.insert("what".to_owned(), json!(tally.what));
    map.insert("deals".to_owned(), json!(tally.deals()));
    for fate in Fate::ALL {
        map.insert(fate.code().to_owned(), json!(tally.count(fate)));
    }
    map
}

/// Carries out `report judgement`.
pub(super) fn run(session: &mut Session<'_>) -> Result<(), CliError> {
    let store = session.open(Access::Write)?;
    let told = store.judgement()?;
    if session.global.json {
        let decisions: Vec<Json> = told
            .decisions
            .iter()
            .map(|tally| {
                let mut map = Map::new();
                map.insert("who".to_owned(), json!(tally.who));
                map.insert("role".to_owned(), json!(tally.role));
                map.extend(as_json(tally));
                Json::Object(map)
            })
            .collect();
        let verdicts: Vec<Json> = told.verdicts.iter().map(|t| as_json(t).into()).collect();
        session.out.value(&json!({
            "schema": SCHEMA, "decisions": decisions, "verdicts": verdicts,
        }))?;
        return Ok(());
    }
    if told.decisions.is_empty() {
        session.out.line("Nothing was decided yet.")?;
        return Ok(());
    }
    let columns = [
        text("who", 8),
        text("role", 7),
        text("decided", 9),
        figures("deals"),
        figures("won"),
        figures("not won"),
        figures("came back"),
        figures("silent"),
        figures("not known"),
    ];
    let row = |tally: &Tally, lead: Vec<&str>| {
        let (known, won) = tally.known();
        let mut cells: Vec<_> = lead.into_iter().map(cell).collect();
        let rest = [
            tally.deals(),
            won,
            known - won,
            tally.count(Fate::CameBack),
            tally.count(Fate::Silent),
            tally.count(Fate::NotKnown),
        ];
        cells.extend(rest.map(|number| cell(&number.to_string())));
        cells
    };
    let mut table = Table::new(&mut session.out, &columns);
    for tally in &told.decisions {
        table.row(row(tally, vec![&tally.who, &tally.role, &tally.what]))?;
    }
    for tally in &told.verdicts {
        table.row(row(tally, vec!["walkaway", "verdict", &tally.what]))?;
    }
    table.end()?;
    let fired = told.decisions.iter().filter(|tally| tally.what == "fired");
    let (all, unknown) = fired.fold((0, 0), |(all, unknown), tally| {
        (all + tally.deals(), unknown + tally.count(Fate::NotKnown))
    });
    if all > 0 {
        session.out.line("")?;
        session.out.line(format!(
            "Of {all} fired, {unknown} are not known yet: ask after 90 and 180 days. What a fired deal \
             would have become, had we stayed, nobody can know."
        ))?;
    }
    Ok(())
}
