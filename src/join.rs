//! Joins what the command line asked for with the cockpit: the one place that knows both.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use chrono::{DateTime, Days, Local, NaiveTime, TimeZone, Utc};
use walkaway::app::keymap::Keymap;
use walkaway::app::layout::Size;
use walkaway::app::model::{Model, Start};
use walkaway::app::settings;
use walkaway::cli::{CliError, Launch, Surroundings, demo};
use walkaway::domain::bank::Bank;
use walkaway::domain::locale::Locale;
use walkaway::domain::query::Filter;
use walkaway::domain::shown::{Level, Mask};
use walkaway::domain::view::{ListQuery, View};
use walkaway::export::{calendar, file, own};
use walkaway::import::Options;
use walkaway::store::{Access, Judge, Store};
use walkaway::tui::clipboard::{Desktop, Helper};
use walkaway::tui::cockpit::{self, Failure, Looks};
use walkaway::tui::crash::Crashes;
use walkaway::tui::outbox::Opener;
use walkaway::tui::runtime;
use walkaway::tui::terminal::Look;
use walkaway::tui::worker::{Follow, Moment};
use walkaway::ui::{Colors, Glyphs, Styles, Theme};

/// What only the cockpit asks of the environment.
pub struct Desk {
    /// `VISUAL`, or else `EDITOR`.
    pub editor: Option<String>,
    /// `COLORTERM`.
    pub colorterm: Option<String>,
    /// `PATH`.
    pub path: Option<std::ffi::OsString>,
    /// `WAYLAND_DISPLAY` is set.
    pub wayland: bool,
    /// `DISPLAY` is set.
    pub x11: bool,
    /// `STY` is set: GNU screen is around us.
    pub screen: bool,
    /// Tells the time.
    pub clock: walkaway::tui::Clock,
}

/// A number that differs from session to session: labels of masked names are drawn by it.
fn seed(at: DateTime<Utc>) -> u64 {
    let nanos = at.timestamp_nanos_opt().unwrap_or_default().unsigned_abs();
    nanos ^ (u64::from(std::process::id()) << 32)
}

/// The next local midnight after an instant.
fn midnight(at: DateTime<Utc>) -> DateTime<Utc> {
    let today = at.with_timezone(&Local).date_naive();
    let day = today.checked_add_days(Days::new(1)).unwrap_or(today);
    let begin = day.and_time(NaiveTime::MIN);
    // Where a change of the clock leaves midnight out, the day begins an hour later.
    let local = Local.from_local_datetime(&begin).earliest().or_else(|| {
        Local
            .from_local_datetime(&(begin + chrono::Duration::hours(1)))
            .earliest()
    });
    local.map_or_else(|| begin.and_utc(), |at| at.with_timezone(&Utc))
}

fn remember(file: Option<&Path>, name: &str) {
    if let Some(file) = file {
        let made = file.parent().map(std::fs::create_dir_all).transpose();
        // Whoever cannot be remembered is asked again next time; nothing is lost.
        let _ = made.and_then(|_| std::fs::write(file, name));
    }
}

fn write_export(
    store: &Store,
    path: Option<&str>,
    query: &ListQuery,
    mask: &Mask,
    day: chrono::NaiveDate,
    who: &str,
) -> Result<(String, u64), Failure> {
    let store_words = |e: walkaway::store::StoreError| (e.to_string(), e.hint());
    let file_words = |e: file::FileError| (e.to_string(), e.hint().to_owned());
    let path = path.map_or_else(|| PathBuf::from(format!("deals-{day}.csv")), PathBuf::from);
    file::check(&path, false).map_err(file_words)?;
    let ids = store.index(query, day, who).map_err(store_words)?.ids;
    let ends_in = |ending: &str| {
        path.extension()
            .is_some_and(|e| e.eq_ignore_ascii_case(ending))
    };
    let format = if ends_in("json") {
        own::Format::Json
    } else {
        own::Format::Csv
    };
    let mut count = 0;
    file::write(&path, false, |to| -> Result<(), own::OwnError> {
        count = if ends_in("xlsx") {
            own::write_xlsx(store, &ids, mask, day, to)?.deals
        } else {
            own::write(store, &ids, format, own::Guard::On, mask, to)?
        };
        Ok(())
    })
    .map_err(|e| (e.to_string(), String::new()))?;
    Ok((path.to_string_lossy().into_owned(), count))
}

fn write_calendar(
    store: &Store,
    path: &Path,
    mask: &Mask,
    moment: Moment,
) -> Result<(String, usize), Failure> {
    let written = calendar::write(store, path, mask, moment.at, moment.today)
        .map_err(|e| (e.to_string(), e.hint()))?;
    Ok((written.path.to_string_lossy().into_owned(), written.dates))
}

fn desktop(desk: &Desk) -> Desktop<'_> {
    Desktop {
        path: desk.path.as_deref(),
        wayland: desk.wayland,
        x11: desk.x11,
    }
}

/// How the screen is drawn: as the person set it, and where nothing is set in high contrast while
/// it is shared.
fn looks(launch: &Launch, around: &Surroundings, desk: &Desk, ascii: bool) -> Looks {
    let theme = launch.config.theme.as_deref();
    let plain = !launch.colour || theme == Some("none");
    let colors = Colors::of_terminal(plain, desk.colorterm.as_deref(), Some(&around.term));
    let glyphs = if ascii {
        Glyphs::Ascii
    } else {
        Glyphs::Unicode
    };
    let set = theme.and_then(Theme::by_name);
    let styles = |unset| Styles::new(set.unwrap_or(unset), colors, glyphs);
    Looks {
        own: styles(Theme::Dark),
        shared: styles(Theme::Contrast),
    }
}

fn keymap(launch: &Launch) -> Result<Keymap, CliError> {
    let mut own: BTreeMap<String, BTreeMap<String, Vec<String>>> = BTreeMap::new();
    for keys in &launch.config.keys {
        let scope = own.entry(keys.scope.clone()).or_default();
        scope.insert(keys.command.clone(), keys.keys.clone());
    }
    Keymap::with_own(&own).map_err(|e| {
        CliError::failed(format!("the keys of the configuration: {e}"))
            .hint("`walkaway config check` looks through all of it")
    })
}

/// Opens the cockpit and returns when it ends.
pub fn open(mut launch: Launch, around: &Surroundings, desk: Desk) -> Result<ExitCode, CliError> {
    // Read beside the file, on a thread that ends with it; without one it is read when it is asked
    // for.
    drop(std::thread::Builder::new().spawn(|| drop(Arc::clone(Bank::shared_default()))));
    let keymap = keymap(&launch)?;
    let judge = Judge::new(launch.config.banks(), launch.config.thresholds.clone())
        .with_messages(launch.config.messages.clone());
    let store = Store::open(&launch.path, Access::Create, around.now, judge.clone())?;
    let locale = match &launch.config.locale {
        Some(name) => Locale::named(name),
        None => around.locale,
    };
    let glyphs = launch
        .config
        .glyphs
        .as_deref()
        .and_then(settings::Glyphs::from_code);
    let glyphs = glyphs.unwrap_or_default();
    let ascii = match glyphs {
        settings::Glyphs::Auto => !around.utf8,
        settings::Glyphs::Unicode => false,
        settings::Glyphs::Ascii => true,
    };
    let seed = seed(around.now);
    let level = Level::from_number(launch.mask).unwrap_or(Level::Open);
    let asked_for = launch.view.is_some() || launch.filter.is_some();
    let text = launch.filter.clone().unwrap_or_default();
    let view = launch.view.as_deref().map_or(View::ToDecide, |name| {
        View::by_name(name).unwrap_or_else(|| View::Saved(name.to_owned()))
    });
    let query = ListQuery {
        view,
        filter: Filter::parse(&text, locale.order())
            .ok()
            .filter(|f| !f.is_empty()),
        text,
        ..ListQuery::default()
    };
    let day = |at: DateTime<Utc>| at.with_timezone(&Local).date_naive();
    let demo_folder = launch.scratch.take();
    let mut mask = Mask::new(level, seed).with_ascii(ascii);
    if launch.share && level == Level::Names {
        mask.share(None);
    }
    let mut model = Model::new(Start {
        at: around.now,
        today: around.today(),
        size: Size {
            width: 0,
            height: 0,
        },
        settings: settings::Settings {
            theme: launch.config.theme.clone(),
            glyphs,
            locale: launch.config.locale.clone(),
            keys: BTreeMap::new(),
        },
        keymap,
        ascii,
        locale,
        who: launch.who.clone(),
        demo: demo_folder.is_some(),
        mask,
        thresholds: launch.config.thresholds.clone(),
        query: asked_for.then_some(query),
    });
    if let Some((file, first)) = launch.config.mistakes.first() {
        let more = match launch.config.mistakes.len() {
            1 => String::new(),
            n => format!(", and {} more", n - 1),
        };
        // One line has room for the mistake where the file is named below its folder.
        let folder = launch.config.file.as_deref().and_then(Path::parent);
        let below = folder.and_then(|folder| Path::new(file).strip_prefix(folder).ok());
        let file = below.unwrap_or(Path::new(file)).to_string_lossy();
        model.warn(
            format!("{file}, {first}{more}"),
            "`walkaway config check` lists them",
        );
    }
    model.shared = launch.share;
    let downloads = launch.config.import_folders(around);
    let now = around.now;
    let today = around.today();
    let person_file = launch.person_file.clone();
    let configured = launch.config.calendar_path(around);
    let calendar_file = configured
        .clone()
        .unwrap_or_else(|| PathBuf::from("walkaway.ics"));
    // A throw-away pipeline leaves the person's own calendar alone.
    let follow = configured.filter(|_| demo_folder.is_none()).map(|path| {
        let follow: Follow = Arc::new(move |store, moment| {
            write_calendar(store, &path, &Mask::off(), moment).map(|_| ())
        });
        follow
    });
    let scratch = std::sync::Mutex::new(Vec::new());
    let surroundings = cockpit::Surroundings {
        day: Arc::new(day),
        midnight: Arc::new(midnight),
        import: Options {
            crm_files: launch.config.crm_files(),
            zone: walkaway::import::Zone::Local,
            today: Some(today),
            ..Options::default()
        },
        downloads,
        file_days: !around.frozen,
        home: around.home.clone(),
        demo: Arc::new(move || {
            let folder = tempfile::Builder::new()
                .prefix("walkaway-demo-")
                .tempdir()
                .map_err(|e| {
                    (
                        format!("cannot make a folder for the demo: {e}"),
                        String::new(),
                    )
                })?;
            let path = folder.path().join("demo.db");
            let (store, _) = demo::make(&path, judge.clone(), now, today)
                .map_err(|e| (e.to_string(), e.hint()))?;
            if let Ok(mut kept) = scratch.lock() {
                kept.push(folder);
            }
            Ok(store)
        }),
        export: Arc::new(move |store, path, query, mask, who| {
            let level = Level::from_number(mask).unwrap_or(Level::Names);
            write_export(store, path, query, &Mask::new(level, seed), today, who)
        }),
        calendar: Arc::new(move |store, path, mask, moment| {
            let level = Level::from_number(mask).unwrap_or(Level::Names);
            let path = path.map_or_else(|| calendar_file.clone(), PathBuf::from);
            write_calendar(store, &path, &Mask::new(level, seed), moment)
        }),
        follow,
        opener: Opener::find(desktop(&desk)),
        remember_actor: Arc::new(move |name| remember(person_file.as_deref(), name)),
        looks: looks(&launch, around, &desk, ascii),
    };
    let helper = Helper::find(desktop(&desk));
    let settings = runtime::Settings {
        look: Look {
            // While GNU screen listens to a mouse, it holds back `Esc` until the next key.
            mouse: launch.config.mouse.unwrap_or(!desk.screen),
            color: launch.colour,
            probe: glyphs == settings::Glyphs::Auto && !ascii,
        },
        term: Some(around.term.clone()),
        clock: desk.clock,
        crashes: Crashes {
            folder: around
                .data
                .clone()
                .unwrap_or_else(std::env::temp_dir)
                .join("crashes"),
            version: concat!("walkaway ", env!("CARGO_PKG_VERSION")),
        },
        pipeline: Some(launch.path.clone()),
        editor: desk.editor,
        helper,
    };
    let session = format!("{}-{}", now.timestamp_micros(), std::process::id());
    let code = cockpit::run(model, store, session, surroundings, &settings).map_err(|e| {
        CliError::failed(e.to_string()).hint("`walkaway --help` lists the commands")
    })?;
    drop(demo_folder);
    Ok(ExitCode::from(u8::try_from(code).unwrap_or(1)))
}
