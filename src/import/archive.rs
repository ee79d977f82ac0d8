//! ZIP archives, as the hull of a workbook or around the files of an export.
//!
//! Nothing that an archive says of itself is believed: parts are counted before their list is
//! read, every byte is counted as it is inflated, and what grows beyond any honest file is
//! refused. Nothing is ever written to a path that an archive names.

use std::io::{self, BufReader, Read, Seek, SeekFrom, Write};

use zip::ZipArchive;
use zip::result::ZipError;

use super::error::ImportError;
use super::input::{Bytes, Input, Spool, SpoolWriter};
use super::markup::Markup;

/// Parts of an archive.
const PARTS: u64 = 2_000;
/// Bytes that anything may inflate to, however small it is.
const FREE: u64 = 64 * 1024 * 1024;
/// How many times its packed size a part may grow beyond that; deflate itself ends at about 1,030,
/// sheets of a million rows and files of mostly empty columns stay below a hundred.
const RATIO: u64 = 200;
/// Bytes at the end of a ZIP in which its list is announced.
const TAIL: u64 = 65_557;

/// Why an archive that grows too much is refused.
pub(crate) const GROWS: &str = "it unpacks to more than 200 times its size, as no export does";

/// Bytes to which something of `packed` bytes may be unpacked.
pub(crate) fn bound(packed: u64) -> u64 {
    FREE.saturating_add(packed.saturating_mul(RATIO))
}

/// What an archive is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Holds {
    /// An XLSX.
    Workbook,
    /// Files.
    Files,
}

/// What looking through a workbook told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Looked {
    /// Some sheet has merged cells.
    pub(crate) is_merged: bool,
}

/// A ZIP whose list of parts was read.
pub(crate) struct Archive {
    zip: ZipArchive<BufReader<Box<dyn Bytes>>>,
    name: String,
    size: u64,
    /// Bytes inflated so far, of all parts.
    inflated: u64,
}

impl Archive {
    /// Reads the list of parts.
    pub(crate) fn open(input: &Input) -> Result<Self, ImportError> {
        let name = input.name().to_owned();
        let mut bytes = input.open()?;
        let parts = parts(&mut bytes, input.size()).map_err(|e| input.failed(e))?;
        if parts.is_none_or(|parts| parts > PARTS) {
            let why = match parts {
                None => "its end is missing".to_owned(),
                Some(parts) => format!("it has {parts} parts; at most {PARTS} are looked at"),
            };
            return Err(ImportError::Unpack { path: name, why });
        }
        bytes
            .seek(SeekFrom::Start(0))
            .map_err(|e| input.failed(e))?;
        match ZipArchive::new(BufReader::new(bytes)) {
            Ok(zip) if zip.len() as u64 > PARTS => Err(ImportError::Unpack {
                path: name,
                why: format!("it has more than {PARTS} parts"),
            }),
            Ok(zip) => Ok(Self {
                zip,
                name,
                size: input.size(),
                inflated: 0,
            }),
            Err(error) => Err(damaged(&name, &error)),
        }
    }

    /// Says what it is by the names of its parts; what is neither a workbook nor a set of files
    /// is named.
    pub(crate) fn holds(&self) -> Result<Holds, ImportError> {
        const EXPORT: &str = "Save it as .xlsx or as .csv, and give that file.";
        let not = |what, hint| {
            Err(ImportError::NotATable {
                path: self.name.clone(),
                what,
                hint,
            })
        };
        if self.zip.is_empty() {
            return not("an empty ZIP", "Export it again.");
        }
        let names: Vec<String> = self
            .zip
            .file_names_raw()
            .map(|name| {
                String::from_utf8_lossy(name)
                    .replace('\\', "/")
                    .to_ascii_lowercase()
            })
            .collect();
        let has = |name: &str| names.iter().any(|n| n == name);
        let begins = |folder: &str| names.iter().any(|n| n.starts_with(folder));
        if (0..self.zip.len()).any(|at| {
            let entry = self.zip.by_index_data(at);
            entry.is_ok_and(|entry| entry.encrypted())
        }) {
            return not(
                "a ZIP with a password",
                "Unpack it with its password, and give the files in it.",
            );
        }
        if has("[content_types].xml") {
            if names.iter().any(|n| n.ends_with("workbook.bin")) {
                return not("a binary workbook (.xlsb)", EXPORT);
            }
            if begins("word/") {
                return not("a Word document", EXPORT);
            }
            if begins("ppt/") {
                return not("a presentation", EXPORT);
            }
            return Ok(Holds::Workbook);
        }
        if has("mimetype") && has("content.xml") {
            return not("an OpenDocument file (.ods)", EXPORT);
        }
        if has("index/document.iwa") || has("index.zip") && begins("metadata/") {
            return not("a Numbers document", EXPORT);
        }
        Ok(Holds::Files)
    }

    /// Inflates every part of a workbook through a counter, and looks at its XML.
    pub(crate) fn look_through(&mut self) -> Result<Looked, ImportError> {
        let mut looked = Looked::default();
        for at in 0..self.zip.len() {
            let mut markup = Markup::new();
            let mut broken = None;
            self.inflate(at, |block| {
                markup.feed(block).map_err(|why| {
                    broken = Some(why);
                    io::Error::from(io::ErrorKind::InvalidData)
                })
            })
            .map_err(|error| match broken {
                Some(why) => ImportError::Unpack {
                    path: self.name.clone(),
                    why: why.to_owned(),
                },
                None => error,
            })?;
            looked.is_merged |= markup.is_merged();
        }
        Ok(looked)
    }

    /// The files in it: their place in the list, and their name, which is not clean.
    pub(crate) fn files(&self) -> Vec<(usize, String)> {
        let mut files = Vec::new();
        for at in 0..self.zip.len() {
            let Ok(entry) = self.zip.by_index_data(at) else {
                continue;
            };
            let name = String::from_utf8_lossy(entry.name_raw()).replace('\\', "/");
            let base = name.rsplit('/').next().unwrap_or_default();
            let is_beside = name.starts_with("__MACOSX/")
                || base.starts_with('.')
                || base.eq_ignore_ascii_case("thumbs.db");
            if !entry.is_dir() && !base.is_empty() && !is_beside {
                files.push((at, name));
            }
        }
        files
    }

    /// Unpacks a file into a nameless one.
    pub(crate) fn unpack(&mut self, at: usize) -> Result<Spool, ImportError> {
        let path = self.name.clone();
        let io = |source| ImportError::Io {
            path: path.clone(),
            source,
        };
        let mut spool = SpoolWriter::new(u64::MAX).map_err(io)?;
        let mut failed = None;
        self.inflate(at, |block| {
            spool.write_all(block).map_err(|error| {
                let kind = error.kind();
                failed = Some(error);
                io::Error::from(kind)
            })
        })
        .map_err(|error| failed.map_or(error, io))?;
        spool.finish().map_err(io)
    }

    /// Hands a part on block by block, counted.
    fn inflate(
        &mut self,
        at: usize,
        mut take: impl FnMut(&[u8]) -> io::Result<()>,
    ) -> Result<(), ImportError> {
        let most = bound(self.size);
        let mut part = self
            .zip
            .by_index(at)
            .map_err(|error| damaged(&self.name, &error))?;
        let part_most = bound(part.compressed_size());
        let mut block = vec![0; 64 * 1024];
        let mut size = 0;
        loop {
            let n = match part.read(&mut block) {
                Ok(0) => return Ok(()),
                Ok(n) => n,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
                Err(e) => return Err(damaged(&self.name, &ZipError::Io(e))),
            };
            size += n as u64;
            self.inflated += n as u64;
            if size > part_most || self.inflated > most {
                return Err(ImportError::Unpack {
                    path: self.name.clone(),
                    why: GROWS.to_owned(),
                });
            }
            take(&block[..n]).map_err(|e| damaged(&self.name, &ZipError::Io(e)))?;
        }
    }
}

fn damaged(name: &str, error: &ZipError) -> ImportError {
    ImportError::Unpack {
        path: name.to_owned(),
        why: format!("it is damaged ({error})"),
    }
}

/// The number of parts that the end of a ZIP announces; `None` where there is no end.
///
/// A reader of ZIP makes room for as many as are announced, so this is looked at first.
fn parts(bytes: &mut Box<dyn Bytes>, size: u64) -> io::Result<Option<u64>> {
    let from = size.saturating_sub(TAIL);
    bytes.seek(SeekFrom::Start(from))?;
    let mut tail = Vec::new();
    bytes.take(TAIL).read_to_end(&mut tail)?;
    let ends = tail.windows(22).enumerate().rev();
    let mut ends = ends.filter(|(_, end)| end.starts_with(b"PK\x05\x06"));
    let Some((at, end)) = ends.next() else {
        return Ok(None);
    };
    let short = u64::from(u16::from_le_bytes([end[10], end[11]]));
    // In a ZIP of the long form, a locator stands before the end and says where the long end is.
    let Some(locator) = at.checked_sub(20).map(|at| &tail[at..at + 20]) else {
        return Ok(Some(short));
    };
    if !locator.starts_with(b"PK\x06\x07") {
        return Ok(Some(short));
    }
    let place = u64::from_le_bytes(locator[8..16].try_into().expect("eight bytes"));
    bytes.seek(SeekFrom::Start(place))?;
    let mut long = [0; 40];
    if bytes.read_exact(&mut long).is_err() || !long.starts_with(b"PK\x06\x06") {
        return Ok(Some(short));
    }
    let long = u64::from_le_bytes(long[32..40].try_into().expect("eight bytes"));
    Ok(Some(long.max(short)))
}
