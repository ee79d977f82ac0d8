//! The floors: the least that a program with the same rows can be.
//!
//! [`list`] is ratatui and rusqlite with nothing between them: it blocks in a read, fetches a page
//! and draws after every key. [`bare`] knows no deals: it writes one full frame a key. What is slower
//! than these is ours; what is slow in these is the machine's.

use std::error::Error;
use std::fmt::Write as _;
use std::io::{Read, Write};
use std::path::Path;

use crossterm::event::{Event, KeyCode, KeyEventKind, read};
use ratatui::layout::{Constraint, Layout};
use ratatui::style::{Modifier, Style};
use ratatui::text::Line;
use ratatui::widgets::{Cell, Row, Table};
use rusqlite::{Connection, OpenFlags, Params};

use crate::deals;

type Failed = Box<dyn Error>;

/// The columns that are shown.
const SHOWN: &str = "name, account, owner, stage, amount, close";

/// Opens a file as the product does: durable writes, no memory map, a small cache.
fn open(file: &Path) -> Result<Connection, Failed> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let db = Connection::open_with_flags(file, flags)?;
    db.pragma_update(None, "journal_mode", "WAL")?;
    db.pragma_update(None, "synchronous", "FULL")?;
    db.pragma_update(None, "mmap_size", 0)?;
    db.pragma_update(None, "cache_size", -2_000)?;
    Ok(db)
}

/// Makes the file of [`list`], with the same rows and a full text index.
pub fn make(file: &Path, count: u64) -> Result<(), Failed> {
    let mut db = open(file)?;
    let tx = db.transaction()?;
    tx.execute_batch(
        "CREATE TABLE deals(id INTEGER PRIMARY KEY, name TEXT, account TEXT, contact TEXT,
           owner TEXT, stage TEXT, amount INTEGER, currency TEXT, created TEXT, close TEXT,
           active TEXT, step TEXT);",
    )?;
    {
        let sql = "INSERT INTO deals VALUES(NULL, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)";
        let mut insert = tx.prepare(sql)?;
        for row in deals::rows(count) {
            insert.raw_bind_parameter(7, row[6].parse::<i64>()?)?;
            for (place, value) in row
                .iter()
                .enumerate()
                .skip(1)
                .filter(|(place, _)| *place != 6)
            {
                insert.raw_bind_parameter(place + 1, value)?;
            }
            insert.raw_execute()?;
        }
    }
    tx.execute_batch(
        "CREATE VIRTUAL TABLE found USING fts5(
           name, account, contact, owner, content='deals', content_rowid='id', prefix='2 3');
         INSERT INTO found(found) VALUES('rebuild');",
    )?;
    tx.commit()?;
    db.pragma_update(None, "wal_checkpoint", "TRUNCATE")?;
    Ok(())
}

struct Deal {
    id: i64,
    cells: [String; 6],
}

fn fetch(db: &Connection, rest: &str, bound: impl Params) -> Result<Vec<Deal>, Failed> {
    let mut statement = db.prepare_cached(&format!("SELECT id, {SHOWN} FROM deals {rest}"))?;
    let rows = statement.query_map(bound, |row| {
        let amount = row.get::<_, i64>(5)?.to_string();
        let cells = [
            row.get(1)?,
            row.get(2)?,
            row.get(3)?,
            row.get(4)?,
            amount,
            row.get(6)?,
        ];
        Ok(Deal {
            id: row.get(0)?,
            cells,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Shows the deals of a file: `j`, page down, end, home, `/` and letters, escape, `q`.
pub fn list(file: &Path) -> Result<(), Failed> {
    let db = open(file)?;
    let mut terminal = ratatui::try_init()?;
    let result = browse(&db, &mut terminal);
    ratatui::try_restore()?;
    result
}

fn browse(db: &Connection, terminal: &mut ratatui::DefaultTerminal) -> Result<(), Failed> {
    let page = i64::from(terminal.size()?.height.saturating_sub(2));
    let first = |db| fetch(db, "ORDER BY id LIMIT ?1", [page]);
    let mut deals = first(db)?;
    let mut at = 0;
    let mut word: Option<String> = None;
    loop {
        let head = word
            .as_deref()
            .map_or_else(|| "deals".to_owned(), |word| format!("/{word}"));
        terminal.draw(|frame| draw(frame, &head, &deals, at))?;
        let Event::Key(key) = read()? else { continue };
        if key.kind == KeyEventKind::Release {
            continue;
        }
        let last = deals.last().map_or(0, |deal| deal.id);
        match (key.code, &mut word) {
            (KeyCode::Char(letter), Some(word)) => {
                word.push(letter);
                let found = "WHERE id IN (SELECT rowid FROM found WHERE found MATCH ?1
                             ORDER BY rowid LIMIT ?2) ORDER BY id";
                deals = fetch(db, found, (format!("\"{word}\"*"), page))?;
                at = 0;
            }
            (KeyCode::Esc, Some(_)) => {
                word = None;
                deals = first(db)?;
            }
            (KeyCode::Char('q'), None) => return Ok(()),
            (KeyCode::Char('/'), None) => word = Some(String::new()),
            (KeyCode::Char('j'), None) if at + 1 < deals.len() => at += 1,
            (KeyCode::Char('j'), None) => {
                deals.extend(fetch(db, "WHERE id > ?1 ORDER BY id LIMIT 1", [last])?);
                if deals.len() as i64 > page {
                    deals.remove(0);
                }
            }
            (KeyCode::PageDown, None) => {
                let next = fetch(db, "WHERE id > ?1 ORDER BY id LIMIT ?2", [last, page])?;
                if !next.is_empty() {
                    deals = next;
                }
            }
            (KeyCode::End, None) => {
                deals = fetch(db, "ORDER BY id DESC LIMIT ?1", [page])?;
                deals.reverse();
                at = deals.len().saturating_sub(1);
            }
            (KeyCode::Home, None) => {
                deals = first(db)?;
                at = 0;
            }
            _ => {}
        }
    }
}

fn draw(frame: &mut ratatui::Frame<'_>, head: &str, deals: &[Deal], at: usize) {
    let parts = [
        Constraint::Length(1),
        Constraint::Min(1),
        Constraint::Length(1),
    ];
    let [top, body, foot] = Layout::vertical(parts).areas(frame.area());
    frame.render_widget(Line::from(head), top);
    let row = |(place, deal): (usize, &Deal)| {
        let row = Row::new(deal.cells.iter().map(|cell| Cell::from(cell.clone())));
        let selected = Style::new().add_modifier(Modifier::REVERSED);
        if place == at {
            row.style(selected)
        } else {
            row
        }
    };
    let widths = [38, 30, 16, 20, 9, 10].map(Constraint::Length);
    frame.render_widget(Table::new(deals.iter().enumerate().map(row), widths), body);
    let id = deals.get(at).map_or(0, |deal| deal.id);
    frame.render_widget(Line::from(format!("deal {id}")), foot);
}

/// Writes one full frame a key, until `q`.
pub fn bare() -> Result<(), Failed> {
    let (columns, rows) = crossterm::terminal::size()?;
    crossterm::terminal::enable_raw_mode()?;
    let mut out = std::io::stdout().lock();
    out.write_all(b"\x1b[?1049h\x1b[?25l")?;
    let mut keys = [0; 512];
    let mut pressed = 0_usize;
    loop {
        let mut frame = String::from("\x1b[H");
        for row in 0..rows {
            write!(
                frame,
                "\x1b[{};1H{} {:08}",
                row + 1,
                deals::KINDS[0],
                pressed * 100
            )?;
            let rest = usize::from(columns).saturating_sub(deals::KINDS[0].len() + 9);
            let letter = |place: usize| char::from(b'a' + ((place + pressed) % 26) as u8);
            frame.extend((0..rest).map(letter));
        }
        out.write_all(frame.as_bytes())?;
        out.flush()?;
        let read = std::io::stdin().lock().read(&mut keys)?;
        if read == 0 || keys[..read].contains(&b'q') {
            break;
        }
        pressed += read;
    }
    out.write_all(b"\x1b[?25h\x1b[?1049l")?;
    out.flush()?;
    crossterm::terminal::disable_raw_mode()?;
    Ok(())
}
