//! Text that people search by: what they type is taken literally, and its case does not matter.

use sea_orm::{
    ColumnTrait,
    sea_query::{BinOper, Expr, ExprTrait, Func},
};

/// Not the usual backslash, which the two databases read differently within a literal.
const ESCAPE: char = '!';

/// A column begins with `prefix`. The database folds the case of both, so that they fold alike.
pub(crate) fn starts_with<C: ColumnTrait>(column: C, prefix: &str) -> Expr {
    is_like(column, format!("{}%", literally(prefix)))
}

/// A word of a column begins with `prefix`.
pub(crate) fn word_starts_with<C: ColumnTrait>(column: C, prefix: &str) -> Expr {
    let further = is_like(column, format!("% {}%", literally(prefix)));
    starts_with(column, prefix).or(further)
}

fn is_like<C: ColumnTrait>(column: C, pattern: String) -> Expr {
    let folded = Expr::from(Func::lower(Expr::col(column.as_column_ref())));
    let pattern = Expr::from(Func::lower(Expr::val(pattern)));
    folded.binary(
        BinOper::Like,
        pattern.binary(BinOper::Escape, Expr::cust("'!'")),
    )
}

fn literally(text: &str) -> String {
    let mut literal = String::with_capacity(text.len());
    for letter in text.chars() {
        if matches!(letter, '%' | '_' | ESCAPE) {
            literal.push(ESCAPE);
        }
        literal.push(letter);
    }
    literal
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_a_meaning_in_patterns_loses_it() {
        assert_eq!(literally("50%_off!"), "50!%!_off!!");
        assert_eq!(literally(r"O'Brien \ Söhne"), r"O'Brien \ Söhne");
    }
}
