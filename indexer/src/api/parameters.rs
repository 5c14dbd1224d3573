//! What requests may say, and their bounds.

use super::problem::Problem;
use crate::{model::Interval, store::LATEST_MS as MAX_MS};
use axum::{
    extract::{FromRequestParts, Path, Query},
    http::request::Parts,
};
use serde::{de::DeserializeOwned, Deserialize};
use utoipa::ToSchema;

/// Most rows of one answer.
pub const MAX_LIMIT: u32 = 100;
/// Rows of an answer when none are asked for.
pub const DEFAULT_LIMIT: u32 = 20;
/// Most rows of a CSV file.
pub const MAX_CSV: u32 = 10_000;
/// Most points of a series.
pub const MAX_POINTS: u32 = 1_000;
/// Points of a series when none are asked for.
pub const DEFAULT_POINTS: u32 = 200;
/// Most rows that may be skipped.
pub const MAX_OFFSET: u64 = 1_000_000;
/// All of a reward or a gain, in millionths.
const MILLION: u32 = 1_000_000;
/// Longest text to search for, in characters.
pub const MAX_SEARCH: usize = 100;

/// The form of an answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// JSON.
    #[default]
    Json,
    /// A CSV file with a line of names; lists have up to 10,000 rows when no `limit` is given.
    Csv,
}

/// Which end comes first.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Order {
    /// The smallest.
    Asc,
    /// The largest.
    #[default]
    Desc,
}

impl Order {
    /// SQL's word.
    pub fn sql(self) -> &'static str {
        match self {
            Self::Asc => "ASC",
            Self::Desc => "DESC",
        }
    }
}

/// A part of a list: checked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Part {
    /// Rows to skip.
    pub offset: u64,
    /// Most rows.
    pub limit: u32,
}

impl Part {
    /// # Errors
    /// Rows or offset are out of bounds.
    pub fn new(offset: Option<u64>, limit: Option<u32>, format: Format) -> Result<Self, Problem> {
        let offset = offset.unwrap_or(0);
        if offset > MAX_OFFSET {
            return Err(Problem::bad_request(format!("offset is {offset}, and {MAX_OFFSET} at most")));
        }
        let limit = checked_limit(limit, MAX_LIMIT)?.unwrap_or(match format {
            Format::Json => DEFAULT_LIMIT,
            Format::Csv => MAX_CSV,
        });
        Ok(Self { offset, limit })
    }
}

/// A part of a history: checked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Stretch {
    /// Only what is older than this place.
    pub before: Option<(u64, u32)>,
    /// Only from this moment on.
    pub from_ms: u64,
    /// Only up to this moment, included.
    pub to_ms: u64,
    /// Most rows.
    pub limit: u32,
}

impl Stretch {
    /// # Errors
    /// Rows are out of bounds, the cursor is none, or the times are the wrong way round.
    pub fn new(cursor: Option<&str>, times: (Option<u64>, Option<u64>), limit: Option<u32>, format: Format) -> Result<Self, Problem> {
        let before = cursor.map(parse_cursor).transpose()?;
        let (from_ms, to_ms) = checked_times(times)?;
        let limit = checked_limit(limit, MAX_LIMIT)?.unwrap_or(match format {
            Format::Json => DEFAULT_LIMIT,
            Format::Csv => MAX_CSV,
        });
        Ok(Self {
            before,
            from_ms,
            to_ms,
            limit,
        })
    }
}

/// A part of a series: checked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Span {
    /// Which samples.
    pub interval: Interval,
    /// Only from this moment on.
    pub from_ms: u64,
    /// Only up to this moment, included.
    pub to_ms: u64,
    /// Most points: the newest.
    pub limit: u32,
}

impl Span {
    /// # Errors
    /// Points are out of bounds, or the times are the wrong way round.
    pub fn new(interval: Option<Interval>, times: (Option<u64>, Option<u64>), limit: Option<u32>) -> Result<Self, Problem> {
        let (from_ms, to_ms) = checked_times(times)?;
        Ok(Self {
            interval: interval.unwrap_or_default(),
            from_ms,
            to_ms,
            limit: checked_limit(limit, MAX_POINTS)?.unwrap_or(DEFAULT_POINTS),
        })
    }
}

fn checked_limit(limit: Option<u32>, most: u32) -> Result<Option<u32>, Problem> {
    match limit {
        Some(limit) if limit == 0 || limit > most => Err(Problem::bad_request(format!("limit is {limit}; 1 to {most} can be had at once"))),
        other => Ok(other),
    }
}

fn checked_times((from, to): (Option<u64>, Option<u64>)) -> Result<(u64, u64), Problem> {
    let (from, to) = (from.unwrap_or(0), to.unwrap_or(MAX_MS));
    Ok((checked_moment(from)?, checked_moment(to)?))
}

/// A moment, in milliseconds since 1970.
///
/// # Errors
/// It is later than a JSON number can say exactly.
pub fn checked_moment(time_ms: u64) -> Result<u64, Problem> {
    if time_ms > MAX_MS {
        return Err(Problem::bad_request(format!("a time is at most {MAX_MS} ms, and not {time_ms}")));
    }
    Ok(time_ms)
}

fn parse_cursor(text: &str) -> Result<(u64, u32), Problem> {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (time, place) = text.split_once('-').unwrap_or_default();
    let both = digits(time) && digits(place) && time.len() <= 16 && place.len() <= 10;
    let parsed = both.then(|| Some((time.parse().ok()?, place.parse::<u64>().ok()?))).flatten();
    // Places end at 2^32; what is behind them all is behind the last one.
    parsed
        .map(|(time, place): (u64, u64)| (time.min(MAX_MS), u32::try_from(place).unwrap_or(u32::MAX)))
        .ok_or_else(|| Problem::bad_request(format!("{text:?} is no cursor: give the `next` of the part before")))
}

/// A text to search for.
///
/// # Errors
/// It is too long.
pub fn checked_search(text: &str) -> Result<&str, Problem> {
    let length = text.chars().count();
    if length > MAX_SEARCH {
        return Err(Problem::bad_request(format!(
            "the search text has {length} characters; {MAX_SEARCH} are the most"
        )));
    }
    Ok(text.trim())
}

/// A part of a whole, in millionths.
///
/// # Errors
/// It is more than all; `name` is the parameter's.
pub fn checked_ppm(name: &str, ppm: Option<u32>) -> Result<Option<u32>, Problem> {
    match ppm {
        Some(ppm) if ppm > MILLION => Err(Problem::bad_request(format!("{name} is {ppm}; {MILLION} millionths are all"))),
        other => Ok(other),
    }
}

/// A confidence level.
///
/// # Errors
/// There is no such level.
pub fn checked_level(level: Option<u8>) -> Result<Option<u8>, Problem> {
    match level {
        Some(level) if !(1..=5).contains(&level) => Err(Problem::bad_request("a confidence level is 1, 2, 3, 4 or 5")),
        other => Ok(other),
    }
}

/// The parameters behind `?`, with our errors.
pub struct Asked<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Asked<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match Query::from_request_parts(parts, state).await {
            Ok(Query(value)) => Ok(Self(value)),
            Err(rejection) => Err(Problem::bad_request(rejection.body_text())),
        }
    }
}

/// A name in the path, with our errors.
pub struct Named<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Named<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match Path::from_request_parts(parts, state).await {
            Ok(Path(value)) => Ok(Self(value)),
            Err(rejection) => Err(Problem::bad_request(rejection.body_text())),
        }
    }
}

/// Defines the parameters of a list, a history or a series: those that all of them have, and its own.
macro_rules! parameters {
    ($(#[$meta:meta])* page $name:ident sorted by $sort:ident { $($(#[$field_meta:meta])* $field:ident: $type:ty,)* }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, serde::Deserialize, utoipa::IntoParams)]
        #[serde(rename_all = "camelCase", deny_unknown_fields)]
        #[into_params(parameter_in = Query)]
        pub struct $name {
            $($(#[$field_meta])* $field: Option<$type>,)*
            /// By what the list is sorted.
            #[param(inline)]
            sort: Option<$sort>,
            /// Which end comes first; the largest when it is not given.
            #[param(inline)]
            order: Option<$crate::api::parameters::Order>,
            /// Rows to skip.
            #[param(maximum = 1000000)]
            offset: Option<u64>,
            /// Most rows; 20 when it is not given.
            #[param(minimum = 1, maximum = 100)]
            limit: Option<u32>,
            /// The form of the answer. `Accept: text/csv` does the same.
            #[param(inline)]
            format: Option<$crate::api::parameters::Format>,
        }

        impl $name {
            fn part(&self, form: $crate::api::parameters::Format) -> Result<$crate::api::parameters::Part, $crate::api::problem::Problem> {
                $crate::api::parameters::Part::new(self.offset, self.limit, form)
            }
        }
    };
    ($(#[$meta:meta])* history $name:ident { $($(#[$field_meta:meta])* $field:ident: $type:ty,)* }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, serde::Deserialize, utoipa::IntoParams)]
        #[serde(rename_all = "camelCase", deny_unknown_fields)]
        #[into_params(parameter_in = Query)]
        pub struct $name {
            $($(#[$field_meta])* $field: Option<$type>,)*
            /// Only from this moment on, in milliseconds since 1970.
            #[param(maximum = 9007199254740991.0)]
            from_ms: Option<u64>,
            /// Only up to this moment, in milliseconds since 1970.
            #[param(maximum = 9007199254740991.0)]
            to_ms: Option<u64>,
            /// Only what is older: the `next` of the part before.
            #[param(pattern = "^[0-9]{1,16}-[0-9]{1,10}$")]
            cursor: Option<String>,
            /// Most rows; 20 when it is not given.
            #[param(minimum = 1, maximum = 100)]
            limit: Option<u32>,
            /// The form of the answer. `Accept: text/csv` does the same.
            #[param(inline)]
            format: Option<$crate::api::parameters::Format>,
        }

        impl $name {
            fn stretch(&self, form: $crate::api::parameters::Format) -> Result<$crate::api::parameters::Stretch, $crate::api::problem::Problem> {
                $crate::api::parameters::Stretch::new(self.cursor.as_deref(), (self.from_ms, self.to_ms), self.limit, form)
            }
        }
    };
    ($(#[$meta:meta])* series $name:ident) => {
        $(#[$meta])*
        #[derive(Clone, Debug, serde::Deserialize, utoipa::IntoParams)]
        #[serde(rename_all = "camelCase", deny_unknown_fields)]
        #[into_params(parameter_in = Query)]
        pub struct $name {
            /// Which samples; those of each hour when it is not given.
            #[param(inline)]
            interval: Option<$crate::model::Interval>,
            /// Only from this moment on, in milliseconds since 1970.
            #[param(maximum = 9007199254740991.0)]
            from_ms: Option<u64>,
            /// Only up to this moment, in milliseconds since 1970.
            #[param(maximum = 9007199254740991.0)]
            to_ms: Option<u64>,
            /// Most points, the newest ones; 200 when it is not given.
            #[param(minimum = 1, maximum = 1000)]
            limit: Option<u32>,
            /// The form of the answer. `Accept: text/csv` does the same.
            #[param(inline)]
            format: Option<$crate::api::parameters::Format>,
        }

        impl $name {
            pub(crate) fn span(&self) -> Result<$crate::api::parameters::Span, $crate::api::problem::Problem> {
                $crate::api::parameters::Span::new(self.interval, (self.from_ms, self.to_ms), self.limit)
            }

            pub(crate) fn format(&self) -> Option<$crate::api::parameters::Format> {
                self.format
            }
        }
    };
}
pub(crate) use parameters;
