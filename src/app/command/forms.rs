//! Keys of what lies over a page: palette, prompts, menus, forms.

use super::Command as C;
use super::{Block, Category, CommandInfo, Scope, can};

const PALETTE: Block = Block(Scope::Palette, Category::Program);
const PROMPT: Block = Block(Scope::Prompt, Category::Program);
const MENU: Block = Block(Scope::Menu, Category::Program);
const FORM: Block = Block(Scope::Form, Category::Move);
const CHOICE: Block = Block(Scope::Choice, Category::Write);
const TEXT: Block = Block(Scope::Text, Category::Write);
const SHEET: Block = Block(Scope::Sheet, Category::Decide);

pub(super) const ROWS: &[CommandInfo] = &[
    PALETTE
        .row(
            C::PaletteRun,
            "palette-run",
            "Do it",
            "Do what is under the cursor",
            &["Enter"],
        )
        .footer(1, "do")
        .key_only(),
    PALETTE
        .row(
            C::PaletteComplete,
            "palette-complete",
            "Complete",
            "Take over the name",
            &["Tab"],
        )
        .footer(2, "complete")
        .key_only(),
    PALETTE
        .row(
            C::PaletteDown,
            "palette-down",
            "Down",
            "One row down",
            &["Down", "Ctrl-n"],
        )
        .key_only(),
    PALETTE
        .row(
            C::PaletteUp,
            "palette-up",
            "Up",
            "One row up",
            &["Up", "Ctrl-p"],
        )
        .key_only(),
    PROMPT
        .row(
            C::PromptTake,
            "prompt-take",
            "Take it",
            "Take the line",
            &["Enter"],
        )
        .footer(1, "take")
        .key_only(),
    PROMPT
        .row(
            C::PromptComplete,
            "prompt-complete",
            "Complete",
            "Complete the word",
            &["Tab"],
        )
        .footer(2, "complete")
        .key_only(),
    MENU.row(
        C::MenuTake,
        "menu-take",
        "Choose",
        "Take what is under the cursor",
        &["Enter"],
    )
    .footer(1, "choose")
    .key_only(),
    SHEET
        .row(
            C::SheetConfirm,
            "sheet-confirm",
            "Confirm",
            "Do what is under the cursor",
            &["Enter"],
        )
        .footer(1, "confirm")
        .careful()
        .when(can::confirm)
        .key_only(),
    SHEET
        .row(
            C::SheetEdit,
            "sheet-edit",
            "Edit",
            "Write its text in your editor",
            &["e"],
        )
        .when(can::sheet_text)
        .key_only(),
    SHEET
        .row(
            C::SheetDraft,
            "sheet-draft",
            "Mail draft",
            "Open the mail in your mail program",
            &["d"],
        )
        .when(can::sheet_draft)
        .careful()
        .key_only(),
    SHEET
        .row(
            C::SheetFile,
            "sheet-file",
            "File",
            "Write it to a file; for C the calendar",
            &["w"],
        )
        .when(can::sheet_file)
        .careful()
        .key_only(),
    SHEET
        .row(C::SheetCopy, "sheet-copy", "Copy", "Copy its text", &["c"])
        .when(can::sheet_text)
        .careful()
        .key_only(),
    SHEET
        .row(
            C::SheetNext,
            "sheet-next",
            "Next action",
            "The next action",
            &["Right", "l"],
        )
        .key_only(),
    SHEET
        .row(
            C::SheetPrevious,
            "sheet-previous",
            "Previous action",
            "The action before",
            &["Left", "h"],
        )
        .key_only(),
    FORM.row(
        C::FieldNext,
        "field-next",
        "Next field",
        "The next field",
        &["Tab", "Enter"],
    )
    .footer(10, "next field")
    .key_only(),
    FORM.row(
        C::FieldPrevious,
        "field-previous",
        "Field before",
        "The field before",
        &["Shift-Tab"],
    )
    .key_only(),
    FORM.row(
        C::FieldDown,
        "field-down",
        "Down",
        "The line or field below",
        &["Down"],
    )
    .key_only(),
    FORM.row(
        C::FieldUp,
        "field-up",
        "Up",
        "The line or field above",
        &["Up"],
    )
    .key_only(),
    CHOICE
        .row(
            C::ChoiceTick,
            "choice-tick",
            "Tick",
            "Tick it, or pick the next",
            &["Space"],
        )
        .footer(1, "tick")
        .key_only(),
    CHOICE
        .row(
            C::ChoiceNext,
            "choice-next",
            "Next choice",
            "The next choice",
            &["Right", "l"],
        )
        .key_only(),
    CHOICE
        .row(
            C::ChoicePrevious,
            "choice-previous",
            "Choice before",
            "The choice before",
            &["Left", "h"],
        )
        .key_only(),
    TEXT.row(
        C::TextNewline,
        "text-newline",
        "New line",
        "A new line, where there are several",
        &["Ctrl-j"],
    )
    .key_only(),
    TEXT.row(
        C::TextEditor,
        "text-editor",
        "Your editor",
        "Write this text in your editor",
        &["Ctrl-o"],
    )
    .footer(1, "editor")
    .key_only(),
];
