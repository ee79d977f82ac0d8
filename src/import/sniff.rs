//! What a file is, judged by its bytes and never by its name.

use std::io::Read;
use std::sync::Arc;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

use super::bytes::{Counts, Decoded};
use super::error::ImportError;
use super::input::Input;

/// How much of a file is looked at.
const SAMPLE: usize = 256 * 1024;

/// The form of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// Rows of cells in text.
    Text {
        /// Between cells.
        delimiter: u8,
    },
    /// JSON: objects after `skip` bytes of text, in an array or one after the other.
    Json {
        /// Bytes of decoded text before the first object or blank.
        skip: usize,
    },
    /// Rows that were unpacked.
    Rows,
}

/// What a file is.
#[derive(Clone, Debug)]
pub(crate) enum Kind {
    /// One table.
    Table(Sniffed),
    /// A web page with tables.
    Page(Sniffed),
    /// An archive: a workbook, or files.
    Zip,
}

/// What is known of a file before its rows are read.
#[derive(Clone, Debug)]
pub(crate) struct Sniffed {
    pub(crate) form: Form,
    pub(crate) encoding: &'static Encoding,
    /// Whether the encoding was guessed from the frequency of bytes.
    pub(crate) is_guess: bool,
    /// Size in bytes.
    pub(crate) size: u64,
}

/// Looks at the start of a file.
pub(crate) fn sniff(input: &Input) -> Result<Kind, ImportError> {
    let size = input.size();
    let mut bytes = Vec::new();
    input
        .open()?
        .take(SAMPLE as u64)
        .read_to_end(&mut bytes)
        .map_err(|e| input.failed(e))?;
    let is_whole = bytes.len() as u64 >= size;
    judge(&bytes, is_whole, size).map_err(|no| {
        let path = input.name().to_owned();
        match no {
            No::Empty => ImportError::Empty { path },
            No::Other(what, hint) => ImportError::NotATable { path, what, hint },
        }
    })
}

/// Why some bytes are no table.
#[derive(Debug, PartialEq, Eq)]
enum No {
    Empty,
    Other(&'static str, &'static str),
}

const EXPORT: &str = "Export the deals as CSV and give that file.";

/// How old files of Excel and Word begin, and workbooks with a password.
const OLE: &[u8] = b"\xd0\xcf\x11\xe0";
/// The name, in UTF-16, of what a workbook with a password holds.
const LOCKED: &[u8] = b"E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0";

/// What a page without tables is, and what to do about it.
pub(crate) const PAGE: (&str, &str) = (
    "a web page",
    "It may be a login page: log in to the CRM and export again, as CSV.",
);

/// Formats by their first bytes.
const MAGIC: &[(&[u8], &str, &str)] = &[
    (b"%PDF", "a PDF", EXPORT),
    (b"\x89PNG", "a picture", EXPORT),
    (b"\xff\xd8\xff", "a picture", EXPORT),
    (b"GIF8", "a picture", EXPORT),
    (
        b"\x1f\x8b",
        "packed with gzip",
        "Unpack it first, with `gunzip`.",
    ),
    (
        b"BZh",
        "packed with bzip2",
        "Unpack it first, with `bunzip2`.",
    ),
    (
        b"\xfd7zXZ",
        "packed with xz",
        "Unpack it first, with `unxz`.",
    ),
    (
        b"\x28\xb5\x2f\xfd",
        "packed with zstd",
        "Unpack it first, with `unzstd`.",
    ),
    (b"7z\xbc\xaf", "a 7z archive", "Unpack it first."),
    (b"Rar!", "a RAR archive", "Unpack it first."),
    (
        b"SQLite format 3\0",
        "a SQLite database",
        "Open it with `--db` if it is a pipeline of ours.",
    ),
    (
        OLE,
        "an old Excel file (.xls) or an old Word file",
        "Save it as .xlsx or as .csv, and give that file.",
    ),
    (b"PAR1", "a Parquet file", EXPORT),
    (b"\x7fELF", "a program", EXPORT),
    (b"MZ", "a program", EXPORT),
    (
        b"version https://git-lfs.github.com/spec",
        "a pointer of Git LFS in place of the file itself",
        "Fetch the file with `git lfs pull`.",
    ),
];

fn judge(bytes: &[u8], is_whole: bool, size: u64) -> Result<Kind, No> {
    if bytes.is_empty() {
        return Err(No::Empty);
    }
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return Ok(Kind::Zip);
    }
    if bytes.starts_with(OLE) && bytes.windows(LOCKED.len()).any(|w| w == LOCKED) {
        return Err(No::Other(
            "a workbook with a password",
            "Save it without its password, as .xlsx or as .csv.",
        ));
    }
    for (magic, what, hint) in MAGIC {
        // `MZ` may begin a header: a program has NULs early.
        if bytes.starts_with(magic)
            && (*magic != b"MZ" || bytes[..bytes.len().min(64)].contains(&0))
        {
            return Err(No::Other(what, hint));
        }
    }
    let (encoding, is_guess) = encoding(bytes, is_whole)?;
    let text = text(bytes, encoding);
    if encoding != UTF_16LE && encoding != UTF_16BE && is_binary(bytes) {
        return Err(No::Other("a binary file", EXPORT));
    }
    let start = text.trim_start();
    if start.is_empty() {
        return Err(No::Empty);
    }
    let as_form = |form| Sniffed {
        form,
        encoding,
        is_guess,
        size,
    };
    if start.starts_with('<') {
        let head = start.to_ascii_lowercase();
        let is_login = ["\"", "'", ""]
            .iter()
            .any(|quote| head.contains(&format!("type={quote}password")));
        let early = &head[..floor(&head, 4096)];
        let is_page =
            early.contains("<html") || early.contains("<table") || early.starts_with("<!doctype");
        if is_page && head.contains("<table") && !is_login {
            return Ok(Kind::Page(as_form(Form::Rows)));
        }
        if is_page {
            return Err(No::Other(PAGE.0, PAGE.1));
        }
        if head.starts_with("<?xml") {
            return Err(No::Other("XML", EXPORT));
        }
    }
    let form = match json(&text) {
        Json::Records(skip) => Form::Json { skip },
        Json::Other => {
            return Err(No::Other(
                "JSON without records",
                "Export it as an array of objects, or as CSV.",
            ));
        }
        Json::No => Form::Text {
            delimiter: delimiter(&text, is_whole),
        },
    };
    Ok(Kind::Table(as_form(form)))
}

/// Decodes the sample.
fn text(bytes: &[u8], encoding: &'static Encoding) -> String {
    let mut text = Vec::new();
    let counts = Arc::new(Counts::default());
    Decoded::new(bytes, encoding, counts)
        .read_to_end(&mut text)
        .expect("a slice of bytes can always be read");
    String::from_utf8(text).expect("a decoder gives UTF-8")
}

/// Whether the sample has too many control characters to be text; a few stray ones are cleaned.
///
/// Those that terminals act on (bell, backspace, white space, escape) are no sign of a binary
/// file: text that was copied from a terminal has them, and they are cleaned cell by cell.
fn is_binary(bytes: &[u8]) -> bool {
    let control = bytes
        .iter()
        .filter(|b| **b < 0x20 && !matches!(**b, 7..=13 | 27))
        .count();
    control > 8 && control * 50 > bytes.len()
}

/// BOM, UTF-16 by its NULs, strict UTF-8, else a guess.
fn encoding(bytes: &[u8], is_whole: bool) -> Result<(&'static Encoding, bool), No> {
    if bytes.starts_with(b"\xff\xfe\0\0") || bytes.starts_with(b"\0\0\xfe\xff") {
        return Err(No::Other("text in UTF-32", "Save it as UTF-8."));
    }
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return Ok((encoding, false));
    }
    let pairs = (bytes.len() / 2).max(1);
    let nul_first = bytes.iter().step_by(2).filter(|b| **b == 0).count();
    let nul_second = bytes.iter().skip(1).step_by(2).filter(|b| **b == 0).count();
    if nul_second * 10 > pairs * 4 && nul_first * 10 < pairs {
        return Ok((UTF_16LE, false));
    }
    if nul_first * 10 > pairs * 4 && nul_second * 10 < pairs {
        return Ok((UTF_16BE, false));
    }
    match std::str::from_utf8(bytes) {
        Ok(_) => return Ok((UTF_8, false)),
        // The sample may end inside a character.
        Err(e) if e.error_len().is_none() && !is_whole => return Ok((UTF_8, false)),
        Err(e) => {
            // One spoilt cell in a file of good UTF-8 does not make the file something else.
            let good = bytes[..e.valid_up_to()]
                .iter()
                .filter(|b| **b >= 0x80)
                .count();
            if good >= 20 {
                return Ok((UTF_8, false));
            }
        }
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, is_whole);
    Ok((detector.guess(None, Utf8Detection::Deny), true))
}

/// What a text is as JSON.
#[derive(Debug, PartialEq, Eq)]
enum Json {
    /// Records begin after so many bytes.
    Records(usize),
    /// JSON, but no records.
    Other,
    /// No JSON.
    No,
}

/// Finds where the records of a JSON text begin.
fn json(text: &str) -> Json {
    let start = text.len() - text.trim_start().len();
    let body = &text[start..];
    if let Some(rest) = body.strip_prefix('[') {
        let next = rest.trim_start();
        return match next.chars().next() {
            Some('{' | ']') => Json::Records(start + 1),
            Some('[') => Json::Other,
            Some(_) | None => Json::No,
        };
    }
    if !body.starts_with('{') {
        return Json::No;
    }
    let opened = body[1..].trim_start();
    if !opened.starts_with(['"', '}']) {
        return Json::No;
    }
    // An object that ends on its first line is one of many (JSON lines).
    let first_line = body.lines().next().unwrap_or_default();
    if body.trim_end().len() > first_line.len()
        && serde_json::from_str::<serde_json::Value>(first_line).is_ok()
    {
        return Json::Records(start);
    }
    match Walk::default().records(body) {
        Some(at) => Json::Records(start + at),
        None => Json::Records(start),
    }
}

/// Names under which the records of a CRM stand.
const WRAPPERS: [&str; 9] = [
    "records",
    "results",
    "data",
    "deals",
    "opportunities",
    "items",
    "rows",
    "value",
    "values",
];

/// How many objects may stand around the records.
const AROUND: usize = 4;

/// A walk through the start of a JSON object, without recursion.
#[derive(Default)]
struct Walk {
    /// Objects and arrays that are open, and the name of the last member of each.
    open: Vec<(bool, String)>,
    /// The first array of objects of any name.
    any: Option<usize>,
}

impl Walk {
    /// Returns where the records begin that stand in an array of objects: one of the usual names
    /// before any other one; none where the first object ends without, or is one of many.
    fn records(mut self, body: &str) -> Option<usize> {
        let bytes = body.as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            match bytes[at] {
                b'"' => {
                    let end = string_end(bytes, at)?;
                    let is_name = body[end..].trim_start().starts_with(':');
                    if let Some((false, name)) = self.open.last_mut()
                        && is_name
                    {
                        name.clear();
                        name.push_str(&body[at + 1..end - 1]);
                    }
                    at = end;
                    continue;
                }
                b'{' => self.open.push((false, String::new())),
                b'[' => {
                    let is_shallow = self.open.len() <= AROUND
                        && self.open.iter().all(|(is_array, _)| !is_array);
                    let name = self.open.last().map_or("", |(_, name)| name.as_str());
                    if is_shallow && body[at + 1..].trim_start().starts_with('{') {
                        if WRAPPERS.contains(&name) {
                            return Some(at + 1);
                        }
                        self.any.get_or_insert(at + 1);
                    }
                    self.open.push((true, String::new()));
                }
                b'}' | b']' => {
                    self.open.pop();
                    if self.open.is_empty() {
                        // Another object behind it: each is a record.
                        let rest = body[at + 1..].trim_start();
                        return self.any.filter(|_| !rest.starts_with('{'));
                    }
                }
                _ => {}
            }
            at += 1;
        }
        self.any
    }
}

/// Behind the quote that closes the string that begins at `at`.
fn string_end(bytes: &[u8], at: usize) -> Option<usize> {
    let mut is_escaped = false;
    for (n, byte) in bytes[at + 1..].iter().enumerate() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = true,
            b'"' => return Some(at + n + 2),
            _ => {}
        }
    }
    None
}

/// Returns the delimiter under which the rows of the sample agree best.
fn delimiter(text: &str, is_whole: bool) -> u8 {
    if let Some(given) = sep_line(text) {
        return given;
    }
    let text = &text[..floor(text, 64 * 1024)];
    let mut best = (b',', 0.0);
    for candidate in [b',', b';', b'\t', b'|'] {
        let score = agreement(text, candidate, is_whole);
        if score > best.1 {
            best = (candidate, score);
        }
    }
    best.0
}

/// The delimiter of a `sep=;` line, as spreadsheets write it.
pub(crate) fn sep_line(text: &str) -> Option<u8> {
    let line = text.lines().next()?.trim_matches(['"', '\r', ' ']);
    let rest = line
        .strip_prefix("sep=")
        .or_else(|| line.strip_prefix("SEP="))?;
    let rest = rest.as_bytes();
    matches!(rest, [b',' | b';' | b'\t' | b'|' | b':' | b'~' | b'^']).then(|| rest[0])
}

/// How well the rows agree on a number of cells, from 0; more cells weigh more.
fn agreement(text: &str, delimiter: u8, is_whole: bool) -> f64 {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(text.as_bytes());
    let mut widths: Vec<usize> = Vec::new();
    let mut record = csv::ByteRecord::new();
    while widths.len() < 200 && matches!(reader.read_byte_record(&mut record), Ok(true)) {
        widths.push(record.len());
    }
    // The last row of a cut sample is cut.
    if !is_whole && widths.len() > 1 {
        widths.pop();
    }
    let mut counts: Vec<(usize, usize)> = Vec::new();
    for width in &widths {
        match counts.iter_mut().find(|(w, _)| w == width) {
            Some((_, n)) => *n += 1,
            None => counts.push((*width, 1)),
        }
    }
    let Some((width, n)) = counts
        .iter()
        .copied()
        .filter(|(w, _)| *w > 1)
        .max_by_key(|(_, n)| *n)
    else {
        return 0.0;
    };
    let share = n as f64 / widths.len() as f64;
    share * share * (1.0 + (width as f64).ln())
}

/// The greatest index up to `at` that is between characters.
fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(text: &[u8]) -> Form {
        sniffed(text).form
    }

    fn sniffed(text: &[u8]) -> Sniffed {
        match judge(text, true, text.len() as u64) {
            Ok(Kind::Table(sniffed)) => sniffed,
            other => panic!("no table: {other:?}"),
        }
    }

    fn delimited(text: &[u8]) -> char {
        match form(text) {
            Form::Text { delimiter } => char::from(delimiter),
            Form::Json { .. } | Form::Rows => panic!("this is text"),
        }
    }

    #[test]
    fn the_delimiter_is_the_one_on_which_rows_agree() {
        assert_eq!(delimited(b"a;b;c\n1,5;x;y\n2,5;x;z\n"), ';');
        assert_eq!(delimited(b"a\tb\n1\t2,3\n"), '\t');
        assert_eq!(delimited(b"a|b\n1|2\n"), '|');
        assert_eq!(delimited(b"name,note\nA,\"x; y; z\"\nB,\"u; v; w\"\n"), ',');
        assert_eq!(delimited(b"sep=;\na,b;c\n"), ';');
        assert_eq!(delimited(b"title\none\n"), ',');
    }

    #[test]
    fn what_is_no_table_is_named() {
        for (bytes, what) in [
            (&b"%PDF-1.4"[..], "a PDF"),
            (b"\x1f\x8b\x08", "packed with gzip"),
            (b"SQLite format 3\0", "a SQLite database"),
            (
                b"version https://git-lfs.github.com/spec/v1\noid",
                "a pointer of Git LFS in place of the file itself",
            ),
            (b"<!DOCTYPE html><html>", "a web page"),
            (
                b"\0\x01\0\x02\0\0\0\x03\x04\x05\x06\0\0\0\x01\x02\0\0\0\0",
                "a binary file",
            ),
        ] {
            match judge(bytes, true, 9) {
                Err(No::Other(name, hint)) => {
                    assert_eq!(name, what);
                    assert!(!hint.is_empty());
                }
                other => panic!("{what}: {other:?}"),
            }
        }
        assert_eq!(judge(b"", true, 0).unwrap_err(), No::Empty);
        assert_eq!(judge(b" \r\n\n", true, 4).unwrap_err(), No::Empty);
    }

    #[test]
    fn terminal_escapes_in_every_cell_make_no_binary_file() {
        let cell = "\u{1b}]0;own\u{7}\u{1b}[2J\u{8}\u{8}\u{7}";
        let file = format!("id,name,owner\n{cell},{cell},{cell}\n{cell},{cell},{cell}\n");

        assert!(matches!(form(file.as_bytes()), Form::Text { .. }));
    }

    #[test]
    fn the_encoding_is_that_of_the_bytes() {
        for (bytes, name) in [
            (&b"id,name\n1,M\xc3\xbcller\n"[..], "UTF-8"),
            (b"\xef\xbb\xbfid,name\n", "UTF-8"),
            (b"id,name\n1,M\xfcller GmbH & Stra\xdfe\n", "windows-1252"),
            (b"\xff\xfei\0d\0,\0n\0\n\0", "UTF-16LE"),
            (b"i\0d\0,\0n\0a\0m\0e\0\n\0", "UTF-16LE"),
            (b"\0i\0d\0,\0n\0a\0m\0e\0\n", "UTF-16BE"),
        ] {
            assert_eq!(sniffed(bytes).encoding.name(), name);
        }
    }

    #[test]
    fn a_few_nuls_in_a_text_are_no_reason_to_refuse_it() {
        let mut bytes = b"id,name\n".repeat(500);
        bytes[100] = 0;
        bytes[900] = 0;

        assert!(judge(&bytes, true, 9).is_ok());
    }

    #[test]
    fn json_of_records_is_found() {
        assert_eq!(form(b"[{\"id\":1}]"), Form::Json { skip: 1 });
        assert_eq!(form(b" []"), Form::Json { skip: 2 });
        assert_eq!(form(b"{\"id\":1}\n{\"id\":2}\n"), Form::Json { skip: 0 });
        assert_eq!(
            form(b"{\"n\":1,\n\"records\": [\n{\"Id\":1}]}"),
            Form::Json { skip: 20 }
        );
        assert!(matches!(form(b"[a],b\n1,2\n"), Form::Text { .. }));
    }
}
