//! Exports: the form that asks as what, and what is said when it is written.

use super::{Effects, say};
use crate::app::effect::Effect;
use crate::app::form::{ExportAs, Form};
use crate::app::model::{Model, Overlay};
use crate::app::toast::Part;
use crate::domain::shown::{Free, Level};
use crate::domain::told::Listener;

/// Writes the list to a file that is named; without one, asks first which CRMs wait for something.
pub(super) fn open(model: &mut Model, path: Option<&str>, effects: &mut Effects) {
    if model.work.exporting {
        say::refused(model, "An export is being written already");
        return;
    }
    match path {
        Some(path) => list(model, Some(path.to_owned()), effects),
        None => {
            model.work.exporting = true;
            effects.push(Effect::LoadCrms);
        }
    }
}

fn list(model: &mut Model, path: Option<String>, effects: &mut Effects) {
    model.work.exporting = true;
    let mask = match model.mask.level() {
        Level::Open => 0,
        Level::Amounts => 1,
        Level::Names => 2,
    };
    let query = Box::new(model.list.query.clone());
    effects.push(Effect::WriteExport { path, query, mask });
}

/// Opens the form, unless something else was opened meanwhile.
pub(super) fn ask(model: &mut Model, crms: Vec<Listener>) {
    model.work.exporting = false;
    if model.overlays.is_empty() {
        let form = Form::export(crms, model.mask.hides_amounts());
        model.overlays.push(Overlay::Form(Box::new(form)));
    }
}

/// Writes what the form says.
pub(super) fn send(model: &mut Model, effects: &mut Effects) {
    let Some(Overlay::Form(form)) = model.overlays.last() else {
        return;
    };
    if model.work.exporting {
        say::refused(model, "An export is being written already");
        return;
    }
    let what = form.export_as();
    model.overlays.pop();
    match what {
        ExportAs::List { path, ending } => {
            let path = path.unwrap_or_else(|| format!("deals-{}.{ending}", model.today));
            list(model, Some(path), effects);
        }
        // It was masked while the form was open.
        ExportAs::Crm { .. } if model.mask.hides_amounts() => {
            say::refused(model, "A CRM needs what the mask hides: `:unmask` first");
        }
        ExportAs::Crm {
            source,
            choices,
            close_fired,
            path,
        } => {
            model.work.exporting = true;
            effects.push(Effect::ExportForCrm {
                source,
                choices: Box::new(choices),
                close_fired,
                path,
            });
        }
    }
}

/// Says what was written for a CRM.
pub(super) fn told(model: &mut Model, what: String, left: u64) {
    model.work.exporting = false;
    let hint = match left {
        0 => "",
        _ => "`walkaway export --for` lists what is not in the file",
    };
    say::done(model, vec![Part::Free(None, Free::new(what))], hint);
}
