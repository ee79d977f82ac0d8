//! What a template may be made of: the facts, conditions on them, and a few filters, none of which
//! makes much of little.
//!
//! The judge reads what the engine reads, its words and its tree, so that no way of writing a
//! thing gets past it. What is not on the list is refused with its place.

use minijinja::Error;
use minijinja::machinery::ast::{BinOpKind, CallArg, Expr, IfCond, Stmt, UnaryOpKind};
use minijinja::machinery::{Span, Token, parse, tokenize};
use minijinja::syntax::SyntaxConfig;

use super::Fact;

/// The most words between all braces of a template, and between those of one place; the longest
/// of ours has sixty. The engine goes as deep into itself as a condition is long.
const MOST_WORDS: [usize; 2] = [500, 50];

/// Filters that leave a text about as long as it is.
const FILTERS: [&str; 6] = ["capitalize", "default", "lower", "title", "trim", "upper"];

/// Why a template is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct NotAllowed {
    /// The line and the column in the template, in characters, both from 1.
    pub place: (usize, usize),
    /// What is wrong, as a sentence.
    pub what: String,
    /// What may be written instead.
    pub hint: String,
}

/// Judges a template.
pub(super) fn judge(source: &str) -> Result<(), NotAllowed> {
    let [mut all, mut here] = [0; 2];
    for token in tokenize(source, false, SyntaxConfig::default()) {
        let (token, span) = token.map_err(|error| unreadable(&error))?;
        if matches!(token, Token::TemplateData(_)) {
            here = 0;
            continue;
        }
        if matches!(token, Token::VariableStart | Token::BlockStart) {
            here = 0;
        }
        all += 1;
        here += 1;
        let [most, most_here] = MOST_WORDS;
        if all > most || here > most_here {
            let what = format!(
                "A message has at most {most_here} words between two braces, and {most} in all."
            );
            return Err(at(span, what, allowed()));
        }
    }
    let tree =
        parse(source, "template", SyntaxConfig::default()).map_err(|error| unreadable(&error))?;
    statement(&tree)
}

fn unreadable(error: &Error) -> NotAllowed {
    let detail = error.detail().map_or(String::new(), |d| format!(": {d}"));
    NotAllowed {
        place: (error.line().unwrap_or(1), 1),
        what: format!("It cannot be read: {}{detail}.", error.kind()),
        hint: allowed(),
    }
}

fn at(span: Span, what: String, hint: String) -> NotAllowed {
    let place = (
        usize::from(span.start_line),
        usize::from(span.start_col) + 1,
    );
    NotAllowed { place, what, hint }
}

fn unknown(span: Span, name: &str) -> NotAllowed {
    at(span, format!("A message knows no `{name}`."), allowed())
}

fn allowed() -> String {
    format!(
        "It may have facts in {{{{ }}}}, {{% if %}} with elif, else, and, or, not, in and \
         comparisons, and the filters {}.",
        FILTERS.join(", ")
    )
}

fn all(statements: &[Stmt<'_>]) -> Result<(), NotAllowed> {
    statements.iter().try_for_each(statement)
}

fn statement(of: &Stmt<'_>) -> Result<(), NotAllowed> {
    let (span, name) = match of {
        Stmt::Template(template) => return all(&template.children),
        Stmt::EmitRaw(_) => return Ok(()),
        Stmt::EmitExpr(emit) => return expression(&emit.expr),
        Stmt::IfCond(condition) => return choice(condition),
        Stmt::ForLoop(of) => (of.span(), "for"),
        Stmt::WithBlock(of) => (of.span(), "with"),
        Stmt::Set(of) => (of.span(), "set"),
        Stmt::SetBlock(of) => (of.span(), "set"),
        Stmt::AutoEscape(of) => (of.span(), "autoescape"),
        Stmt::FilterBlock(of) => (of.span(), "filter"),
        Stmt::Do(of) => (of.span(), "do"),
    };
    Err(unknown(span, name))
}

fn choice(of: &IfCond<'_>) -> Result<(), NotAllowed> {
    expression(&of.expr)?;
    all(&of.true_body)?;
    all(&of.false_body)
}

fn expression(of: &Expr<'_>) -> Result<(), NotAllowed> {
    let (span, name) = match of {
        Expr::Const(_) => return Ok(()),
        Expr::Var(fact) if Fact::ALL.iter().any(|known| known.name() == fact.id) => return Ok(()),
        Expr::Var(fact) => {
            let what = format!("There is no fact called `{}`.", fact.id);
            return Err(at(fact.span(), what, known_facts()));
        }
        Expr::IfExpr(of) => {
            expression(&of.test_expr)?;
            expression(&of.true_expr)?;
            return of.false_expr.as_ref().map_or(Ok(()), expression);
        }
        Expr::Compare(of) => {
            expression(&of.expr)?;
            return of.ops.iter().try_for_each(|op| expression(&op.expr));
        }
        Expr::UnaryOp(of) => match of.op {
            UnaryOpKind::Not => return expression(&of.expr),
            UnaryOpKind::Neg => (of.span(), "-"),
        },
        Expr::BinOp(both) => match operator(both.op) {
            None => {
                expression(&both.left)?;
                return expression(&both.right);
            }
            Some(name) => (both.span(), name),
        },
        Expr::Filter(of) if FILTERS.contains(&of.name) => {
            of.expr.as_ref().map_or(Ok(()), expression)?;
            return of.args.iter().try_for_each(argument);
        }
        Expr::Filter(of) => (of.span(), of.name),
        Expr::Test(of) => (of.span(), "is"),
        Expr::Call(of) => (of.span(), "()"),
        Expr::GetAttr(of) => (of.span(), "."),
        Expr::GetItem(of) => (of.span(), "[]"),
        Expr::Slice(of) => (of.span(), "[]"),
        Expr::List(of) => (of.span(), "[]"),
        Expr::Tuple(of) => (of.span(), ","),
        Expr::Map(of) => (of.span(), "{}"),
    };
    Err(unknown(span, name))
}

/// Returns the sign of an operator that is not allowed.
fn operator(of: BinOpKind) -> Option<&'static str> {
    match of {
        BinOpKind::Eq
        | BinOpKind::Ne
        | BinOpKind::Lt
        | BinOpKind::Lte
        | BinOpKind::Gt
        | BinOpKind::Gte
        | BinOpKind::In
        | BinOpKind::ScAnd
        | BinOpKind::ScOr => None,
        BinOpKind::Add => Some("+"),
        BinOpKind::Sub => Some("-"),
        BinOpKind::Mul => Some("*"),
        BinOpKind::Div => Some("/"),
        BinOpKind::FloorDiv => Some("//"),
        BinOpKind::Rem => Some("%"),
        BinOpKind::Pow => Some("**"),
        BinOpKind::Concat => Some("~"),
    }
}

fn argument(of: &CallArg<'_>) -> Result<(), NotAllowed> {
    match of {
        CallArg::Pos(value) | CallArg::Kwarg(_, value) => expression(value),
        CallArg::PosSplat(value) => Err(unknown(value.span(), "*")),
        CallArg::KwargSplat(value) => Err(unknown(value.span(), "**")),
    }
}

/// Returns what the facts are called, as a sentence.
pub(super) fn known_facts() -> String {
    format!("There are: {}.", Fact::ALL.map(Fact::name).join(", "))
}
