<?php
/** Takes everything away that the plugin kept. The comments are Plenum's, and stay there. */
defined( 'WP_UNINSTALL_PLUGIN' ) || exit;

function plenum_forget() {
	global $wpdb;
	delete_option( 'plenum' );
	foreach ( array( '_transient_plenum_', '_transient_timeout_plenum_' ) as $prefix ) {
		$wpdb->query( $wpdb->prepare( "DELETE FROM {$wpdb->options} WHERE option_name LIKE %s", $wpdb->esc_like( $prefix ) . '%' ) );
	}
}

foreach ( is_multisite() ? get_sites( array( 'fields' => 'ids', 'number' => 0 ) ) : array( 0 ) as $blog ) {
	if ( $blog ) {
		switch_to_blog( $blog );
	}
	plenum_forget();
	if ( $blog ) {
		restore_current_blog();
	}
}
