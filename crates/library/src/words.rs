//! What keeps a text from being read, in sentences that say what to do: the parser's own are written for programmers.

use serde_saphyr::{
    Error, ExternalMessageSource, budget::BudgetBreach, granit_parser::ErrorKind as Scan,
};

const TOO_LARGE: &str =
    "This is too large for a process type: write less, and repeat less by aliases.";
const TOO_DEEP: &str = "This is too large for a process type: nothing in one is nested that deep.";
const TAG: &str =
    "Tags (`!…`) are not read: leave it out, or put a text that begins with `!` in quotes.";
const INDENTATION: &str = "The indentation does not fit what stands above: members of one map, and items of one list, begin in the same column.";
const UNREADABLE: &str = "This is no YAML that can be read: look at the indentation, the quotes and the brackets here and just before.";

/// The sentence for what the reader says.
pub(crate) fn said(error: &Error) -> String {
    let fixed = match error {
        Error::WithSnippet { error, .. } | Error::AliasError { error, .. } => return said(error),
        Error::ExternalMessage { source, .. } => match source.as_ref() {
            ExternalMessageSource::Parser(err) => return scanned(err.kind()),
            _ => UNREADABLE,
        },
        Error::Eof { .. } => {
            "The text ends in the middle of something: give the last member its value."
        }
        Error::MultipleDocuments { .. } => {
            "A second document begins here (`---`): write one process type a file."
        }
        Error::Budget { breach, .. } => match breach {
            BudgetBreach::Documents { .. } => {
                "A second document begins here (`---`): write one process type a file."
            }
            BudgetBreach::Depth { .. } => TOO_DEEP,
            _ => TOO_LARGE,
        },
        Error::AliasReplayCounterOverflow { .. }
        | Error::AliasReplayLimitExceeded { .. }
        | Error::AliasExpansionLimitExceeded { .. }
        | Error::AliasReplayStackDepthExceeded { .. } => TOO_LARGE,
        Error::UnknownAnchor { .. } => {
            "This alias (`*…`) stands for nothing: give what it is to repeat an anchor (`&…`) before it, or put a text that \
             begins with `*` in quotes."
        }
        Error::RecursiveReferencesRequireWeakTypes { .. } => {
            "This alias (`*…`) stands for something that it is part of: write it out."
        }
        Error::MergeKeyNotAllowed { .. } | Error::MergeValueNotMapOrSeqOfMaps { .. } => {
            "Merge keys (`<<`) are not read: write the members out."
        }
        Error::UnsupportedTag { .. }
        | Error::TaggedStructFieldName { .. }
        | Error::TaggedScalarCannotDeserializeIntoString { .. }
        | Error::TaggedEnumMismatch { .. }
        | Error::InvalidBinaryBase64 { .. }
        | Error::BinaryNotUtf8 { .. } => TAG,
        Error::IndentationError { .. } => INDENTATION,
        Error::DuplicateMappingKey { key: Some(key), .. } => {
            return format!("The member `{key}` is a duplicate: keep one of them.");
        }
        Error::DuplicateMappingKey { key: None, .. } => {
            "This member is a duplicate: keep one of them."
        }
        Error::NonFiniteFloat { .. } => {
            "This is no finite number: write one, or put a text in quotes."
        }
        Error::QuotingRequired { .. } => "Put this text in quotes.",
        Error::NullIntoString { .. } => {
            "Nothing stands here: give the member a text, or leave it out where it is optional."
        }
        Error::InvalidBooleanStrict { .. } => "Write `true` or `false`.",
        Error::InvalidUtf8Input => "The text is not UTF-8: save it as UTF-8.",
        other => return mistyped(other),
    };
    fixed.to_owned()
}

/// Whether it is about a tab, of which the reader may speak before it gets there.
pub(crate) fn is_about_a_tab(error: &Error) -> bool {
    match error {
        Error::WithSnippet { error, .. } | Error::AliasError { error, .. } => is_about_a_tab(error),
        Error::ExternalMessage { source, .. } => match source.as_ref() {
            ExternalMessageSource::Parser(err) => matches!(
                err.kind(),
                Scan::TabNotAllowed
                    | Scan::TabInBlockIndentation
                    | Scan::TabInIndentation
                    | Scan::TabAtBlockScalarStart
                    | Scan::TabInPlainScalar
            ),
            _ => false,
        },
        _ => false,
    }
}

/// What is YAML, but not a process type.
fn mistyped(error: &Error) -> String {
    match error {
        Error::SerdeUnknownField {
            field, expected, ..
        } => format!(
            "There is no member `{field}` here: leave it out, or name one of {}.",
            listed(expected)
        ),
        Error::SerdeUnknownVariant {
            variant, expected, ..
        } => format!(
            "`{variant}` is not known here: name one of {}.",
            listed(expected)
        ),
        Error::SerdeMissingField { field, .. } => {
            format!("The member `{field}` is missing here: add it.")
        }
        Error::InvalidScalar { ty, .. } => wanted(ty),
        Error::SerdeInvalidType { expected, .. } | Error::SerdeInvalidValue { expected, .. } => {
            wanted(expected)
        }
        Error::Unexpected { expected, .. } => wanted(expected),
        _ => "This cannot stand here: compare it with the format of process types.".to_owned(),
    }
}

fn listed(names: &[&str]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    names.join(", ")
}

/// What belongs here, by what the reader calls it.
fn wanted(called: &str) -> String {
    let is_integer = called.starts_with(['i', 'u'])
        && called.chars().skip(1).all(|digit| digit.is_ascii_digit());
    let what = if is_integer {
        "a whole number, and not too large a one,"
    } else if called.contains("bool") {
        "`true` or `false`"
    } else if called.contains("float") || called.contains("f64") {
        "a number"
    } else if called.contains("seq") || called.contains("list") {
        "a list"
    } else if called.contains("struct") || called.contains("map") {
        "a map of members"
    } else if called.contains("str") {
        "a text"
    } else {
        "something else"
    };
    format!("Here belongs {what}: compare it with the format of process types.")
}

/// What is no YAML.
fn scanned(kind: &Scan) -> String {
    let fixed = match kind {
        Scan::TabNotAllowed
        | Scan::TabInBlockIndentation
        | Scan::TabInIndentation
        | Scan::TabAtBlockScalarStart
        | Scan::TabInPlainScalar => "A tab stands here: YAML is indented with spaces.",
        Scan::InvalidQuotedScalarIndent => {
            "A text in quotes that began before goes on here: close its quote, or indent all of its lines."
        }
        Scan::UnclosedQuotedScalar | Scan::DocumentIndicatorInQuotedScalar => {
            "A quote is opened and never closed: close it, or put a text that contains it in quotes of the other kind."
        }
        Scan::InvalidTrailingSingleQuotedScalar | Scan::InvalidTrailingDoubleQuotedScalar => {
            "Something follows a text in quotes: put all of it between the quotes."
        }
        Scan::UnclosedFlowCollection { open } => {
            return format!("A `{open}` is opened and never closed: close it.");
        }
        Scan::MismatchedFlowCollectionEnd { open, close } => {
            return format!("A `{open}` is closed by `{close}`: close it by its own bracket.");
        }
        Scan::MisplacedFlowCollectionEnd => {
            "This bracket closes nothing: leave it out, or put the text in quotes."
        }
        Scan::UnexpectedEofFlowSequence
        | Scan::UnexpectedEofFlowMapping
        | Scan::UnexpectedEofImplicitFlowMapping
        | Scan::ExpectedFlowMappingSeparator
        | Scan::ExpectedFlowSequenceSeparator => {
            "A comma or a closing bracket is missing: between brackets commas stand between the items, and texts that contain \
             commas or brackets are put in quotes."
        }
        Scan::MappingValueNotAllowed
        | Scan::MappingKeyNotAllowed
        | Scan::InvalidColonPlacement
        | Scan::InvalidMappingValueWhitespace
        | Scan::FlowMappingValueAdjacentCollection => {
            "This colon cannot stand here: put a text that contains `: ` in quotes, close the brackets that are open before it, \
             and let members of one map begin in the same column."
        }
        Scan::SimpleKeyExpected | Scan::InvalidSimpleKey => {
            "This member has no value: write `name: value`, with a space after the colon, and put longer texts in quotes."
        }
        Scan::InvalidIndentation
        | Scan::ExpectedBlockMappingKey
        | Scan::ExpectedBlockSequenceEntry
        | Scan::ExpectedNodeContent
        | Scan::InvalidBlockScalarIndent
        | Scan::InvalidFlowScalarIndent
        | Scan::BlockSequenceEntryNotAllowed
        | Scan::BlockEntryInFlowCollection
        | Scan::InvalidBlockEntryWhitespace => INDENTATION,
        other => return scanned_apart(other),
    };
    fixed.to_owned()
}

/// What is no YAML in a text, a tag or an anchor, or between documents.
fn scanned_apart(kind: &Scan) -> String {
    let fixed = match kind {
        Scan::UnknownQuotedScalarEscape
        | Scan::InvalidQuotedScalarHexEscape
        | Scan::InvalidLowSurrogateHexEscape
        | Scan::InvalidLowSurrogate
        | Scan::MissingLowSurrogate
        | Scan::UnpairedLowSurrogate
        | Scan::InvalidUnicodeEscape => {
            "A backslash in double quotes begins a character of its own: write it twice, or put the text in single quotes."
        }
        Scan::UnexpectedCharacter { character } if character.is_control() => {
            "A control character stands here: take it out."
        }
        Scan::UnexpectedCharacter { character } => {
            return format!("A text cannot begin with “{character}”: put it in quotes.");
        }
        Scan::PlainScalarStartsWithDashFlowIndicator | Scan::UnexpectedEndOfPlainScalar => {
            "This text has to stand in quotes."
        }
        Scan::MissingAnchorOrAliasName => "A text that begins with `&` or `*` stands in quotes.",
        Scan::CommentNotSeparated | Scan::CommentInterceptedScalar => {
            "A `#` begins a comment here: put a space before it, or put the text in quotes."
        }
        Scan::BomInsideDocument => {
            "A byte order mark stands in the middle of the text: leave it out."
        }
        Scan::ExpectedDocumentStart
        | Scan::MissingDocumentEndBeforeDirective
        | Scan::InvalidDocumentEnd
        | Scan::DuplicateVersionDirective
        | Scan::UnsupportedYamlMajorVersion
        | Scan::DirectiveDisallowed
        | Scan::InvalidDirectiveName
        | Scan::InvalidDirectiveTerminator
        | Scan::MissingDirectiveName => {
            "Something stands between documents or before the first: leave out directives (`%…`) and `...`, and write one process \
             type a file."
        }
        Scan::RecursionLimitExceeded => TOO_DEEP,
        Scan::AnchorCountOverflow => TOO_LARGE,
        Scan::UndeclaredTagHandle
        | Scan::ExpectedTagBang
        | Scan::InvalidGlobalTagCharacter
        | Scan::InvalidTagTerminator
        | Scan::MissingTagUri
        | Scan::UnclosedVerbatimTag
        | Scan::InvalidTagEscape
        | Scan::InvalidTagUtf8LeadingByte
        | Scan::InvalidTagUtf8TrailingByte
        | Scan::InvalidTagUtf8 => TAG,
        _ => UNREADABLE,
    };
    fixed.to_owned()
}
