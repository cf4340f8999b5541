<?php
/** The thread as HTML in the page's own bytes, for search engines and for readers without scripts. */
defined( 'ABSPATH' ) || exit;

const PLENUM_FRESH = 60;   // seconds, also of an answer that did not come
const PLENUM_WAIT  = 1.5;  // seconds that a page waits for Plenum, once in PLENUM_FRESH
const PLENUM_MOST  = 1048576;

/** The fragment, or nothing where Plenum does not answer in time: the page is served even so. */
function plenum_fragment( $key ) {
	$query = array( 'article' => $key, 'fragment' => '1' );
	if ( '' !== plenum_settings()['locale'] ) {
		$query['locale'] = plenum_settings()['locale'];
	}
	$url  = plenum_url( '/thread', $query );
	$name = 'plenum_' . md5( $url );
	$html = get_transient( $name );
	if ( false === $html ) {
		set_transient( $name, '', PLENUM_FRESH ); // others do not wait beside us
		$answer = wp_remote_get( $url, array( 'timeout' => PLENUM_WAIT, 'redirection' => 0, 'limit_response_size' => PLENUM_MOST ) );
		$html   = 200 === wp_remote_retrieve_response_code( $answer ) ? wp_kses( wp_remote_retrieve_body( $answer ), plenum_allowed() ) : '';
		set_transient( $name, $html, PLENUM_FRESH );
	}
	return (string) $html;
}

/** What a fragment consists of, and nothing else gets through. */
function plenum_allowed() {
	$any     = array_fill_keys( array( 'id', 'class', 'lang', 'dir', 'title', 'datetime', 'itemprop', 'itemscope', 'itemtype' ), true );
	$tags    = 'section h2 ol ul li article header footer b bdi span a time div p meta link strong em blockquote pre code del br';
	$allowed = array_fill_keys( explode( ' ', $tags ), $any );

	$allowed['a']    += array( 'href' => true, 'rel' => true, 'target' => true );
	$allowed['ol']   += array( 'start' => true );
	$allowed['meta'] += array( 'content' => true );
	$allowed['link'] += array( 'href' => true );
	return $allowed;
}
