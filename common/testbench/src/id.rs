//! A check's id: the path of its test function.

use std::any::type_name;

/// Which check this is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Id {
    /// The test binary: `public` or `hidden`.
    pub(crate) suite: &'static str,
    /// `lines::answers_a_request`, unique in its lab.
    pub(crate) path: &'static str,
}

impl Id {
    /// From the name of the check's closure: `hidden::lines::answers_a_request::{{closure}}`.
    pub(crate) fn of<F>() -> Self {
        let name = type_name::<F>();
        let name = name.strip_suffix("::{{closure}}").unwrap_or(name);
        let (suite, path) = name.split_once("::").unwrap_or(("", name));
        Self { suite, path }
    }
}

#[cfg(test)]
mod tests {
    use super::Id;

    #[test]
    fn a_check_has_the_path_of_its_function_as_its_id() {
        fn id_of<F: FnOnce()>(_: F) -> Id {
            Id::of::<F>()
        }
        let id = id_of(|| ());
        assert_eq!(id.suite, "testbench");
        assert_eq!(
            id.path,
            "id::tests::a_check_has_the_path_of_its_function_as_its_id"
        );
    }
}
