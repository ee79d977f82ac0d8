//! The small document that every screen is made of: lines of cells, paragraphs, bars.
//!
//! Texts here are final: masked where a mask is in force, safe for a terminal. What is not known
//! yet is their place; widths are in terminal cells, and the painter cuts what does not fit.

/// What a piece of text means, and so how a theme shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// Ordinary text.
    Text,
    /// What the eye should find first.
    Strong,
    /// Beside the point, never what matters.
    Quiet,
    /// Titles of panes and headings of groups.
    Head,
    /// The one accent.
    Accent,
    /// A key that can be pressed here.
    Key,
    /// Alarm: fire and overdue.
    Fire,
    /// Alarm: unknown.
    Open,
    /// What speaks for a deal.
    Good,
    /// A rule.
    Rule,
    /// The rule of the pane that has the keys.
    RuleHere,
    /// The filled part of a bar.
    Bar,
    /// The empty part of a bar.
    BarRest,
    /// The selected row.
    Here,
    /// A text field.
    Input,
    /// The text field that has the keys.
    InputHere,
    /// What is wrong, under its field.
    Error,
    /// A state that must not be overlooked: masked, read only.
    Badge,
}

impl Role {
    /// All of them.
    pub const ALL: [Self; 18] = [
        Self::Text,
        Self::Strong,
        Self::Quiet,
        Self::Head,
        Self::Accent,
        Self::Key,
        Self::Fire,
        Self::Open,
        Self::Good,
        Self::Rule,
        Self::RuleHere,
        Self::Bar,
        Self::BarRest,
        Self::Here,
        Self::Input,
        Self::InputHere,
        Self::Error,
        Self::Badge,
    ];

    /// Its name in a theme file.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Strong => "strong",
            Self::Quiet => "quiet",
            Self::Head => "head",
            Self::Accent => "accent",
            Self::Key => "key",
            Self::Fire => "fire",
            Self::Open => "open",
            Self::Good => "good",
            Self::Rule => "rule",
            Self::RuleHere => "rule_here",
            Self::Bar => "bar",
            Self::BarRest => "bar_rest",
            Self::Here => "here",
            Self::Input => "input",
            Self::InputHere => "input_here",
            Self::Error => "error",
            Self::Badge => "badge",
        }
    }
}

/// A sign with a meaning; the painter knows how it looks in each glyph set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Glyph {
    /// Yes.
    Yes,
    /// Partly.
    Partly,
    /// No.
    No,
    /// Open: asked and unknown, or not yet earned.
    Open,
    /// Not reached yet, or not asked.
    NotReached,
    /// Does not apply.
    NotFor,
    /// Before FIRE, with the space that follows; nothing in ASCII.
    Fire,
    /// Before GET TO NO, with the space that follows.
    GetToNo,
    /// Before CONTINUE, with the space that follows; nothing in ASCII.
    Continue,
    /// Something is due.
    Due,
    /// We wait for them.
    Waiting,
    /// Moved since the order was made.
    Moved,
    /// Marked for a decision together with others.
    Marked,
    /// Speaks against, red.
    Red,
    /// Speaks against, amber.
    Amber,
    /// Speaks for.
    For,
}

/// What a span shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Words.
    Words(String),
    /// A sign.
    Sign(Glyph),
}

/// A run of text with one meaning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// What it shows.
    pub piece: Piece,
    /// What it means.
    pub role: Role,
}

impl Span {
    /// Makes a span of our own words.
    pub fn new(words: impl Into<String>, role: Role) -> Self {
        Self {
            piece: Piece::Words(words.into()),
            role,
        }
    }

    /// Makes a span of ordinary text.
    pub fn text(words: impl Into<String>) -> Self {
        Self::new(words, Role::Text)
    }

    /// Makes a span of quiet text.
    pub fn quiet(words: impl Into<String>) -> Self {
        Self::new(words, Role::Quiet)
    }

    /// Makes a span that stands out.
    pub fn strong(words: impl Into<String>) -> Self {
        Self::new(words, Role::Strong)
    }

    /// Makes a span of a key's name.
    pub fn key(words: impl Into<String>) -> Self {
        Self::new(words, Role::Key)
    }

    /// Makes a span of a sign.
    pub fn sign(glyph: Glyph, role: Role) -> Self {
        Self {
            piece: Piece::Sign(glyph),
            role,
        }
    }
}

impl From<&str> for Span {
    fn from(words: &str) -> Self {
        Self::text(words)
    }
}

impl From<String> for Span {
    fn from(words: String) -> Self {
        Self::text(words)
    }
}

/// How wide a cell is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Width {
    /// So many terminal cells.
    Fixed(u16),
    /// As wide as what it holds.
    Fit,
    /// What the others leave, shared evenly.
    Fill,
}

/// What a cell holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    /// Text, cut with `…` when it does not fit.
    Spans(Vec<Span>),
    /// The range that a fit can still have, of 0 to 100.
    Range {
        /// The worst.
        lo: f64,
        /// The best.
        hi: f64,
    },
    /// A share of a whole, 0 to 1.
    Share(f64),
    /// Parts laid side by side up to a line, and what is too much behind it.
    Stack {
        /// Each as a share of the whole, 0 to 1; they reach the line at most.
        parts: Vec<f64>,
        /// Where the line stands, as a share of the whole.
        line: f64,
        /// What lies behind it, each as a share of the whole.
        beyond: Vec<f64>,
        /// The one that stands out, by its place in both.
        here: Option<usize>,
    },
    /// A field to type in.
    Input {
        /// What was typed.
        text: String,
        /// The caret, in cells from the start of the text; `None` in a field without the keys.
        caret: Option<u16>,
    },
}

/// A part of a row.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// Its width.
    pub width: Width,
    /// Whether it keeps to its right edge.
    pub right: bool,
    /// What it holds.
    pub content: Content,
}

/// How a row is selected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Picked {
    /// Not.
    #[default]
    No,
    /// It is where the cursor was left, in a pane without the keys.
    There,
    /// It has the cursor.
    Here,
}

/// One line made of cells.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Row {
    /// Empty cells before the first.
    pub indent: u16,
    /// Its parts, from the left.
    pub cells: Vec<Cell>,
    /// Whether it is selected.
    pub picked: Picked,
}

impl Row {
    /// Makes an empty row that starts after `indent` cells.
    pub fn new(indent: u16) -> Self {
        Self {
            indent,
            cells: Vec::new(),
            picked: Picked::No,
        }
    }

    /// Adds a cell.
    fn with(mut self, width: Width, right: bool, spans: Vec<Span>) -> Self {
        self.cells.push(Cell {
            width,
            right,
            content: Content::Spans(spans),
        });
        self
    }

    /// Adds a cell of a fixed width.
    #[must_use]
    pub fn fixed(self, width: u16, span: impl Into<Span>) -> Self {
        self.with(Width::Fixed(width), false, vec![span.into()])
    }

    /// Adds a cell of a fixed width made of several spans.
    #[must_use]
    pub fn fixed_spans(self, width: u16, spans: Vec<Span>) -> Self {
        self.with(Width::Fixed(width), false, spans)
    }

    /// Adds a cell of a fixed width that keeps to its right edge.
    #[must_use]
    pub fn right(self, width: u16, span: impl Into<Span>) -> Self {
        self.with(Width::Fixed(width), true, vec![span.into()])
    }

    /// Adds a cell that is as wide as its text.
    #[must_use]
    pub fn fit(self, span: impl Into<Span>) -> Self {
        self.with(Width::Fit, false, vec![span.into()])
    }

    /// Adds a cell that is as wide as its spans.
    #[must_use]
    pub fn fit_spans(self, spans: Vec<Span>) -> Self {
        self.with(Width::Fit, false, spans)
    }

    /// Adds a cell that takes the room that is left.
    #[must_use]
    pub fn fill(self, span: impl Into<Span>) -> Self {
        self.with(Width::Fill, false, vec![span.into()])
    }

    /// Adds a cell of several spans that takes the room that is left.
    #[must_use]
    pub fn fill_spans(self, spans: Vec<Span>) -> Self {
        self.with(Width::Fill, false, spans)
    }

    /// Adds an empty cell that takes the room that is left.
    #[must_use]
    pub fn gap(self) -> Self {
        self.with(Width::Fill, false, Vec::new())
    }

    /// Adds any content.
    #[must_use]
    pub fn cell(mut self, width: Width, content: Content) -> Self {
        self.cells.push(Cell {
            width,
            right: false,
            content,
        });
        self
    }

    /// Sets how it is selected.
    #[must_use]
    pub fn picked(mut self, picked: Picked) -> Self {
        self.picked = picked;
        self
    }
}

/// A paragraph, wrapped to the width it is given.
#[derive(Clone, Debug, PartialEq)]
pub struct Para {
    /// Cells before the first line.
    pub indent: u16,
    /// Cells before each line that follows.
    pub hang: u16,
    /// The text.
    pub spans: Vec<Span>,
    /// Most lines it may take; the last one is cut.
    pub most: u16,
}

/// One line, or one paragraph, of a document.
#[derive(Clone, Debug, PartialEq)]
pub enum Line {
    /// Nothing.
    Blank,
    /// A row of cells.
    Row(Row),
    /// A paragraph.
    Para(Para),
    /// A light rule from edge to edge.
    Rule,
    /// A picture of figures.
    Plot(Plot),
}

/// A picture of figures over weeks, with axes: columns from the ground, and a line above them.
#[derive(Clone, Debug, PartialEq)]
pub struct Plot {
    /// Lines that it takes.
    pub height: u16,
    /// Cells before it.
    pub indent: u16,
    /// The columns, from left to right.
    pub columns: Vec<f64>,
    /// The line, as many figures as there are columns.
    pub line: Vec<f64>,
    /// What stands under the first, the middle and the last column.
    pub below: [String; 3],
    /// What stands beside the ground, the middle and the top.
    pub beside: [String; 3],
    /// The figure at the top; more than 0.
    pub top: f64,
}

impl Line {
    /// Makes a paragraph of any length.
    pub fn para(indent: u16, hang: u16, spans: Vec<Span>) -> Self {
        Self::Para(Para {
            indent,
            hang,
            spans,
            most: u16::MAX,
        })
    }

    /// Makes a paragraph of one meaning, all lines indented alike.
    pub fn words(indent: u16, words: impl Into<String>, role: Role) -> Self {
        Self::para(indent, indent, vec![Span::new(words, role)])
    }

    /// Makes a heading of a group.
    pub fn head(indent: u16, words: impl Into<String>) -> Self {
        Self::Row(Row::new(indent).fill(Span::new(words, Role::Head)))
    }
}

impl From<Row> for Line {
    fn from(row: Row) -> Self {
        Self::Row(row)
    }
}
