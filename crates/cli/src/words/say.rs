//! One text in two languages, side by side where it is said.

/// A text with values in it, in the reader's language: the English one first, the Spanish one second.
macro_rules! say {
    ($lang:expr, $en:literal, $es:literal) => {
        if $lang == $crate::words::Lang::EN { format!($en) } else { format!($es) }
    };
}

pub(crate) use say;
