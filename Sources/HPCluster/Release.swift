/// This release of the programs.
package enum Release {
    package static let version = "0.1.0"
}
