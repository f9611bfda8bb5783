# A recipe for Spack, in a repository of packages as packages/chemnne/package.py (docs/install.md).
from spack_repo.builtin.build_systems.cmake import CMakePackage

from spack.package import *


class Chemnne(CMakePackage):
    """Neural emulators of atmospheric chemistry in C++20, headers only."""

    license("BSD-3-Clause")
    version("0.2.0")

    variant("training", default=True, description="Data and training; else a host's headers")
    variant("mpi", default=False, when="+training", description="Several processes")

    depends_on("cxx", type="build")
    depends_on("cmake@3.25:", type="build")
    depends_on("ninja", type="build")

    # Headers: a user's own emulator is compiled and linked with what they include.
    depends_on("xsimd@8.1:")
    with when("+training"):
        depends_on("sundials@6:7 +CVODE precision=double")
        depends_on("suite-sparse")
        depends_on("eigen")
        depends_on("spectra@1:")
        depends_on("netcdf-c")
        depends_on("libyaml")
        depends_on("cli11")
        depends_on("tomlplusplus")
        depends_on("gnuplot", type="run")  # the figures of `evaluate`
    depends_on("mpi", when="+mpi")

    generator("ninja")

    @property
    def build_targets(self):
        # The only program that is installed: those of emulators are built where their sizes are.
        return ["chemnne_mechanism"] if self.spec.satisfies("+training") else []

    def cmake_args(self):
        return [
            self.define("CHEMNNE_BUILD_TESTS", False),
            self.define("CHEMNNE_NATIVE", False),
            self.define("CMAKE_SKIP_INSTALL_ALL_DEPENDENCY", True),
            self.define_from_variant("CHEMNNE_TRAINING", "training"),
            self.define_from_variant("CHEMNNE_BUILD_PROGRAMS", "training"),
            self.define_from_variant("CHEMNNE_MPI", "mpi"),
        ]
