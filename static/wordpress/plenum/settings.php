<?php
/** Settings → Plenum. */
defined( 'ABSPATH' ) || exit;

/** Of each setting the form that it must have; the choices of those that are chosen. */
function plenum_forms() {
	return array(
		'address' => '#^https?://[a-z0-9.\-]+(:\d+)?$#i',
		'site'    => '/^[a-z0-9][a-z0-9-]{1,39}$/',
		'key'     => '/^[A-Za-z0-9_-]{43}$/',
		'locale'  => array( '', 'de', 'en' ),
		'accent'  => '/^#([0-9a-f]{3}|[0-9a-f]{6})$/i',
		'font'    => '/^[\w\s,\'"-]{1,200}$/',
		'radius'  => '/^(0|[12]?\d(\.\d{1,3})?px|[01](\.\d{1,3})?rem)$/',
		'scheme'  => array( '', 'light', 'dark' ),
	);
}

/** What was sent, setting by setting: what has not its form stays as it was, and is named. */
function plenum_sanitise( $given ) {
	$kept = plenum_settings();
	foreach ( plenum_forms() as $name => $form ) {
		$value = trim( sanitize_text_field( (string) ( $given[ $name ] ?? $kept[ $name ] ) ) );
		if ( 'address' === $name ) {
			$value = untrailingslashit( $value );
		}
		if ( '' === $value || ( is_array( $form ) ? in_array( $value, $form, true ) : preg_match( $form, $value ) ) ) {
			$kept[ $name ] = $value;
		} else {
			add_settings_error( 'plenum', 'plenum_' . $name, esc_html( sprintf( plenum_word( 'bad' ), plenum_word( $name ) ) ) );
		}
	}
	return $kept;
}

/** One word for how it stands between WordPress and Plenum. */
function plenum_state() {
	if ( ! plenum_ready() ) {
		return 'none';
	}
	$key   = plenum_settings()['key'];
	$probe = array( 'article' => 'plenum settings', 'url' => '', 'title' => '', 'lead' => '' );
	$query = array( 'article' => $probe['article'], 'fragment' => '1' ) + ( '' === $key ? array() : array( 'signature' => plenum_signature( $probe, $key ) ) );
	$said  = wp_remote_get( plenum_url( '/thread', $query ), array( 'timeout' => 3, 'redirection' => 0 ) );
	switch ( wp_remote_retrieve_response_code( $said ) ) {
		case 200:
			return '' === $key ? 'unsigned' : ( 'valid' === wp_remote_retrieve_header( $said, 'plenum-signature' ) ? 'valid' : 'invalid' );
		case 404:
			return 'unknown';
	}
	return 'silent';
}

function plenum_field( $name ) {
	$form  = plenum_forms()[ $name ];
	$value = plenum_settings()[ $name ];
	$id    = 'plenum-' . $name;
	if ( is_array( $form ) ) {
		echo '<select id="' . esc_attr( $id ) . '" name="plenum[' . esc_attr( $name ) . ']">';
		foreach ( $form as $choice ) {
			echo '<option value="' . esc_attr( $choice ) . '"' . selected( $choice, $value, false ) . '>' . esc_html( plenum_word( "$name:$choice" ) ) . '</option>';
		}
		echo '</select>';
		return;
	}
	printf(
		'<input class="regular-text" type="%s" autocomplete="off" id="%s" name="plenum[%s]" value="%s" aria-describedby="%s"><p class="description" id="%s">%s</p>',
		'key' === $name ? 'password' : 'text',
		esc_attr( $id ),
		esc_attr( $name ),
		esc_attr( $value ),
		esc_attr( $id . '-hint' ),
		esc_attr( $id . '-hint' ),
		esc_html( plenum_word( $name . '+' ) )
	);
}

function plenum_settings_page() {
	echo '<div class="wrap"><h1>' . esc_html( plenum_word( 'title' ) ) . '</h1>';
	echo '<p id="plenum-state" class="' . esc_attr( plenum_state() ) . '">' . esc_html( plenum_word( 'state:' . plenum_state() ) ) . '</p>';
	echo '<form method="post" action="options.php">';
	settings_fields( 'plenum' );
	do_settings_sections( 'plenum' );
	submit_button();
	echo '</form></div>';
}

add_action(
	'admin_init',
	function () {
		register_setting( 'plenum', 'plenum', array( 'type' => 'array', 'sanitize_callback' => 'plenum_sanitise' ) );
		add_settings_section( 'plenum', '', '__return_empty_string', 'plenum' );
		foreach ( array_keys( plenum_forms() ) as $name ) {
			add_settings_field(
				$name,
				esc_html( plenum_word( $name ) ),
				function () use ( $name ) {
					plenum_field( $name );
				},
				'plenum',
				'plenum',
				array( 'label_for' => 'plenum-' . $name )
			);
		}
	}
);
add_action(
	'admin_menu',
	function () {
		add_options_page( 'Plenum', 'Plenum', 'manage_options', 'plenum', 'plenum_settings_page' );
	}
);
