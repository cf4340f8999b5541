<?php
/** How Plenum is told of a post: by a key that stays, its address, title and lead, signed. */
defined( 'ABSPATH' ) || exit;

/** The post's name for Plenum. It stays when the address changes; a filter may choose another. */
function plenum_key( $post ) {
	return (string) apply_filters( 'plenum_article_key', html_entity_decode( $post->guid, ENT_QUOTES, 'UTF-8' ), $post );
}

/** A text as one line of so many characters at most. */
function plenum_line( $html, $most ) {
	$text = html_entity_decode( wp_strip_all_tags( $html ), ENT_QUOTES | ENT_HTML5, 'UTF-8' );
	$text = trim( (string) preg_replace( '/[\p{Cc}\s]+/u', ' ', $text ) );
	return trim( mb_substr( $text, 0, $most, 'UTF-8' ) );
}

/** Attributes of the element. */
function plenum_article( $post ) {
	$article = array(
		'article' => plenum_key( $post ),
		'url'     => (string) get_permalink( $post ),
		'title'   => plenum_line( get_the_title( $post ), 300 ),
		'lead'    => plenum_line( has_excerpt( $post ) ? $post->post_excerpt : wp_trim_words( strip_shortcodes( $post->post_content ), 40 ), 300 ),
	);
	$key     = plenum_settings()['key'];
	if ( '' === $key ) {
		unset( $article['lead'] ); // which counts only when it is signed
		return $article;
	}
	return $article + array( 'signature' => plenum_signature( $article, $key ) );
}

function plenum_signature( array $article, $key ) {
	return hash_hmac( 'sha256', implode( "\n", array( $article['article'], $article['url'], $article['title'], $article['lead'] ) ), $key );
}
