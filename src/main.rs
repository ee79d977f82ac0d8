//! The program: reads the environment, then hands on to a command or to the cockpit.

mod join;

use std::io::IsTerminal as _;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use walkaway::cli::{self, CliError, Next, Surroundings};
use walkaway::domain::locale::Locale;

/// Reads a variable of the environment; none where it is not set or empty.
#[expect(clippy::disallowed_methods, reason = "the one home of the environment")]
fn var(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// The system's clock.
#[expect(clippy::disallowed_methods, reason = "the one home of the clock")]
fn clock() -> DateTime<Utc> {
    Utc::now()
}

/// The clock: the system's, or what `WALKAWAY_NOW` says.
fn now() -> Result<(DateTime<Utc>, bool), CliError> {
    let Some(text) = var("WALKAWAY_NOW") else {
        return Ok((clock(), false));
    };
    match DateTime::parse_from_rfc3339(&text) {
        Ok(now) => Ok((now.with_timezone(&Utc), true)),
        Err(error) => Err(
            CliError::usage(format!("WALKAWAY_NOW is `{text}`: {error}"))
                .hint("write it as 2026-11-23T09:00:00Z"),
        ),
    }
}

/// Columns of the terminal on standard output.
fn width() -> Option<usize> {
    if let Some(columns) = var("COLUMNS").and_then(|text| text.parse().ok()) {
        return Some(columns);
    }
    #[cfg(unix)]
    {
        let size = rustix::termios::tcgetwinsize(rustix::stdio::stdout()).ok()?;
        (size.ws_col > 0).then_some(usize::from(size.ws_col))
    }
    #[cfg(not(unix))]
    None
}

fn surroundings() -> Result<Surroundings, CliError> {
    let (now, frozen) = now()?;
    let folders = directories::ProjectDirs::from("", "", "walkaway");
    let user = directories::UserDirs::new();
    let home = user.as_ref().map(|dirs| dirs.home_dir().to_path_buf());
    let downloads = user
        .as_ref()
        .and_then(|dirs| dirs.download_dir().map(PathBuf::from))
        .or_else(|| home.as_ref().map(|home| home.join("Downloads")));
    let desktop = user
        .as_ref()
        .and_then(|dirs| dirs.desktop_dir().map(PathBuf::from))
        .or_else(|| home.as_ref().map(|home| home.join("Desktop")));
    let (all, numeric) = (var("LC_ALL"), var("LC_NUMERIC"));
    let (time, lang) = (var("LC_TIME"), var("LANG"));
    let kind = [all.clone(), var("LC_CTYPE"), lang.clone()]
        .into_iter()
        .flatten()
        .next();
    let is_utf8 = |name: &String| {
        let name = name.to_ascii_lowercase();
        name.contains("utf-8") || name.contains("utf8")
    };
    let out_is_terminal = std::io::stdout().is_terminal();
    Ok(Surroundings {
        now,
        frozen,
        clock,
        db: var("WALKAWAY_DB").map(PathBuf::from),
        who: var("WALKAWAY_AS"),
        login: var("USER")
            .or_else(|| var("LOGNAME"))
            .or_else(|| var("USERNAME")),
        data: folders.as_ref().map(|f| f.data_dir().to_path_buf()),
        config: folders.as_ref().map(|f| f.config_dir().to_path_buf()),
        home,
        downloads,
        desktop,
        no_color: var("NO_COLOR").is_some(),
        locale: Locale::from_values(
            all.as_deref(),
            numeric.as_deref(),
            time.as_deref(),
            lang.as_deref(),
        ),
        locale_name: kind.clone().unwrap_or_default(),
        utf8: kind.as_ref().is_some_and(is_utf8) || cfg!(windows),
        term: var("TERM").unwrap_or_default(),
        width: if out_is_terminal {
            width()
        } else {
            var("COLUMNS").and_then(|c| c.parse().ok())
        },
        out_is_terminal,
        err_is_terminal: std::io::stderr().is_terminal(),
        in_is_terminal: std::io::stdin().is_terminal(),
        keys,
    })
}

/// The keys of the cockpit, for the manual.
fn keys() -> Vec<[String; 3]> {
    walkaway::app::command::key_table()
        .into_iter()
        .map(|row| [row.place.to_owned(), row.keys, row.does.to_owned()])
        .collect()
}

fn main() -> ExitCode {
    let around = match surroundings() {
        Ok(around) => around,
        Err(error) => {
            let _ = error.print(&mut std::io::stderr().lock());
            return ExitCode::from(error.code());
        }
    };
    match cli::run(std::env::args_os(), &around) {
        Next::Exit(code) => ExitCode::from(code),
        Next::Cockpit(launch) => {
            join::open(*launch, &around, desk(&around)).unwrap_or_else(|error| {
                let _ = error.print(&mut std::io::stderr().lock());
                ExitCode::from(error.code())
            })
        }
    }
}

/// What the cockpit asks of the environment besides.
fn desk(around: &Surroundings) -> join::Desk {
    let clock: walkaway::tui::Clock = if around.frozen {
        let now = around.now;
        Arc::new(move || now)
    } else {
        Arc::new(clock)
    };
    join::Desk {
        editor: var("VISUAL").or_else(|| var("EDITOR")),
        colorterm: var("COLORTERM"),
        path: std::env::var_os("PATH"),
        wayland: var("WAYLAND_DISPLAY").is_some(),
        x11: var("DISPLAY").is_some(),
        screen: var("STY").is_some(),
        clock,
    }
}
