//! Sets of names.

/// Defines an enumeration whose variants have one name in JSON, in requests, in the document and in the database: that of the
/// variant in camel case.
macro_rules! named {
    ($(#[$meta:meta])* $name:ident { $($(#[$variant_meta:meta])* $variant:ident = $text:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, Debug, Default, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
        #[serde(rename_all = "camelCase")]
        pub enum $name {
            $($(#[$variant_meta])* $variant,)+
        }

        impl $name {
            /// Its name.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)+
                }
            }
        }

        impl rusqlite::ToSql for $name {
            fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
                Ok(self.as_str().into())
            }
        }

        impl rusqlite::types::FromSql for $name {
            fn column_result(value: rusqlite::types::ValueRef<'_>) -> rusqlite::types::FromSqlResult<Self> {
                match value.as_str()? {
                    $($text => Ok(Self::$variant),)+
                    other => Err(rusqlite::types::FromSqlError::Other(format!("{other} is no {}", stringify!($name)).into())),
                }
            }
        }
    };
}
pub(crate) use named;

#[cfg(test)]
mod tests {
    use crate::model::{Away, Interval, LeaseKind, MovementKind, State, VaultEventKind, WorkerEventKind};
    use serde::{de::DeserializeOwned, Serialize};
    use utoipa::PartialSchema;

    /// The names of the document, read and written again.
    fn names<T: PartialSchema + Serialize + DeserializeOwned + Copy>(text: impl Fn(T) -> &'static str) -> usize {
        let schema = serde_json::to_value(T::schema()).unwrap();
        let names = schema["enum"].as_array().unwrap();
        for name in names {
            let value: T = serde_json::from_value(name.clone()).unwrap();
            assert_eq!(serde_json::to_value(value).unwrap(), *name);
            assert_eq!(text(value), name.as_str().unwrap());
        }
        names.len()
    }

    #[test]
    fn a_variant_has_one_name_everywhere() {
        assert_eq!(names(State::as_str), 6);
        assert_eq!(names(Away::as_str), 4);
        assert_eq!(names(Interval::as_str), 3);
        assert_eq!(names(LeaseKind::as_str), 5);
        assert_eq!(names(MovementKind::as_str), 12);
        assert_eq!(names(WorkerEventKind::as_str), 17);
        assert_eq!(names(VaultEventKind::as_str), 16);
    }
}
